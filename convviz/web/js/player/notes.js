/** Font sizes of notes: the factors of a product, alone in a cell or above the product; see convviz/layout/notes.py. */

const NOTE_SHARE = 0.2;
const SPACE_SHARE = 0.07;

/** Return {factorsPx, notePx}, the font sizes of notes alone and above numbers; 0 for those that do not fit. */
export function noteSizes(scene, typography, grids, numberPx) {
  const noted = scene.frames.flatMap(({ changes }) => changes.filter(({ cell }) => cell.note));
  const shapes = [...new Set(noted.map(({ cell }) => cell.note.replace(/[1-9]/g, "0")))];
  if (!shapes.length || !numberPx) return { factorsPx: 0, notePx: 0 };
  const side = grids[noted[0].panel].pitch - grids[noted[0].panel].gap;
  const fits = (px) => shapes.every((note) => typography.width(note, "note", px) <= 0.9 * side);
  let factorsPx = numberPx;
  while (factorsPx >= typography.least && !fits(factorsPx)) factorsPx -= 1;
  if (factorsPx < typography.least) return { factorsPx: 0, notePx: 0 };
  const above = Math.min(factorsPx, Math.max(typography.least, Math.round(side * NOTE_SHARE)));
  return { factorsPx, notePx: above + numberPx <= 0.85 * side ? above : 0 };
}

/** Return the baselines of a note and of the number below it, both together in the middle of a cell. */
export function noteAndNumber({ y, h }, note, number) {
  const space = h * SPACE_SHARE * 2;
  const top = y + (h - note - space - number) / 2;
  return [Math.round(top + note), Math.round(top + note + space + number)];
}
