/** Font sizes of notes: the factors of a product, alone in a cell or above the product; see convviz/layout/notes.py. */

const NOTE_SHARE = 0.2;
const SPACE_SHARE = 0.07;

/** Return {factorsPx, notePx}, the font sizes of notes alone and above numbers; 0 for those that do not fit. */
export function noteSizes(scene, typography, side, numberPx) {
  const notes = scene.frames.flatMap(({ changes }) => changes.map(({ cell }) => cell.note)).filter(Boolean);
  const shapes = [...new Set(notes.map((note) => note.replace(/[1-9]/g, "0")))];
  if (!shapes.length || !numberPx) return { factorsPx: 0, notePx: 0 };
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
