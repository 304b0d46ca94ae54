/** In-between frames of two key frames; twin of convviz/scene/motion.py, without thrift. */

import { BLANK } from "./builder.js";
import { droppingCells, smooth, thousandths, travellingCells, turningCells } from "./gliding_cells.js";

/** In-between frames of a glide, at most, where a few are enough. */
const COARSE = 2;

/** The way from one key frame to the next, in a scene with this number of moments. */
export class Glide {
  constructor(before, after, moments = 0) {
    Object.assign(this, { before, after });
    this.pairs = markPairs(before.marks, after.marks);
    this.linesGlide = haveSame(before.connectors, after.connectors, ({ upper, lower }) => `${upper},${lower}`);
    this.cellsGlide = haveSame(before.floating_cells, after.floating_cells, ({ panel }) => panel);
    const turning = after.changes.filter(({ panel }) => panel === after.turned);
    this.turning = turning.length > 1 ? turning : [];
    const adds = moments > 1 && after.moment === moments - 2;
    this.summands = adds ? after.changes.filter(({ cell }) => cell.note && cell.text) : [];
    const writes = moments > 0 && after.moment === moments - 1;
    this.dropping = writes ? after.changes.filter((one) => one.cell.role === "output" && !isAmong(one, before)) : [];
  }

  /** Whether anything moves. */
  get moves() {
    const { before, after } = this;
    const differs = (one, index, of) => one.some((value, at) => of.some((name) => value[name] !== index[at][name]));
    return (
      this.pairs.some((pair) => this.#distance(pair).some(Boolean)) ||
      (this.linesGlide && differs(before.connectors, after.connectors, ["col"])) ||
      (this.cellsGlide && differs(before.floating_cells, after.floating_cells, ["row", "col"])) ||
      this.dropping.length + this.turning.length + this.summands.length > 0
    );
  }

  /** Return the frame at a share of the way, more than 0 and less than 1; `coarse` ways have few places. */
  at(progress, coarse = false) {
    const taken = coarse ? Math.min(COARSE, Math.floor(progress * COARSE) + 1) / (COARSE + 1) : progress;
    const share = smooth(taken);
    const { before, after } = this;
    const pairOf = new Map(this.pairs.map((pair) => [pair[0], pair]));
    const ghosts = after.marks.filter(({ role }) => role === "last");
    const stay = [...before.marks.keys()].filter((index) => before.marks[index].role !== "last");
    const marks = stay.map((index) => (pairOf.has(index) ? this.#mark(pairOf.get(index), share) : before.marks[index]));
    const place = (index) => ghosts.length + stay.indexOf(index);
    return {
      ...before,
      changes: [...this.turning.map((change) => ({ ...change, cell: BLANK })), ...this.summands],
      marks: [...ghosts, ...marks],
      guides: before.guides.map(({ start, end }) => ({ start: place(start), end: place(end) })),
      connectors: this.#connectors(share),
      floating_cells: [
        ...this.#floatingCells(share),
        ...turningCells(this.turning, share),
        ...droppingCells(this.dropping, share),
        ...travellingCells(this.summands, taken),
      ],
      arrows: [],
      moment: this.summands.length ? after.moment : before.moment,
      motion: 0,
    };
  }

  #distance([before, after]) {
    const [one, other] = [this.before.marks[before], this.after.marks[after]];
    return [other.rows[0] - one.rows[0], other.cols[0] - one.cols[0]];
  }

  /** A gliding mark: the one before, moved on, or from half way on the next one, moved back. */
  #mark(pair, share) {
    const isEarly = share < 0.5;
    const shift = this.#distance(pair).map((cells) => thousandths(cells * (isEarly ? share : share - 1)));
    return { ...(isEarly ? this.before.marks[pair[0]] : this.after.marks[pair[1]]), shift };
  }

  #connectors(share) {
    const { before, after } = this;
    if (!this.linesGlide) return before.connectors;
    return before.connectors.map((line, index) => {
      return { ...line, shift: thousandths((after.connectors[index].col - line.col) * share) };
    });
  }

  #floatingCells(share) {
    const { before, after } = this;
    if (!this.cellsGlide) return before.floating_cells;
    return before.floating_cells.map((cell, index) => {
      const other = after.floating_cells[index];
      const between = (name) => cell[name] + thousandths(((other[name] - cell[name]) / 1000) * share);
      return { ...cell, row: between("row"), col: between("col") };
    });
  }
}

/** Whether a frame makes a change, too. */
function isAmong({ panel, row, col, cell }, { changes }) {
  return changes.some((one) => {
    return one.panel === panel && one.row === row && one.col === col && Object.keys(cell).every((key) => {
      return cell[key] === one.cell[key];
    });
  });
}

/** Return the way from one key frame to the next, or null where nothing moves. */
export function glideBetween(before, after, moments) {
  const glide = after.motion ? new Glide(before, after, moments) : null;
  return glide?.moves ? glide : null;
}

/** Index pairs of the windows that glide: those of the same panel and shape. */
function markPairs(before, after) {
  const [one, other] = [byShape(before), byShape(after)];
  const pairs = [...one].flatMap(([key, indices]) => {
    const next = other.get(key) ?? [];
    return next.length === indices.length ? indices.map((index, at) => [index, next[at]]) : [];
  });
  return pairs.sort(([first], [second]) => first - second);
}

function byShape(marks) {
  const indices = new Map();
  marks.forEach(({ panel, rows, cols, role }, index) => {
    if (role !== "window") return;
    const shape = [rows, cols].map((places) => places.map((place) => place - places[0]));
    const key = JSON.stringify([panel, ...shape]);
    indices.set(key, [...(indices.get(key) ?? []), index]);
  });
  return indices;
}

function haveSame(one, other, keyOf) {
  return one.length === other.length && one.every((value, index) => keyOf(value) === keyOf(other[index]));
}
