/** What cells along one axis are called; twin of convviz/text/nouns.py. */

import { axisNames } from "../geometry/per_axis.js";

/** One cell along an axis, and several. */
class Noun {
  constructor(one, many) {
    Object.assign(this, { one, many });
  }

  /** Return `1 row` or `2 rows`. */
  counted(count) {
    return `${count} ${count === 1 ? this.one : this.many}`;
  }

  /** Return `last row` or `last 2 rows`. */
  last(count) {
    return count === 1 ? `last ${this.one}` : `last ${count} ${this.many}`;
  }
}

/** List the noun of each axis. */
function axisNouns(axes) {
  return axisNames(axes).map((name) => new Noun(name.slice(0, -1), name));
}

/** Return the noun for all axes at once: `row and column`. */
function sharedNoun(axes) {
  const nouns = axisNouns(axes);
  return new Noun(nouns.map(({ one }) => one).join(" and "), nouns.map(({ many }) => many).join(" and "));
}

/** List what `describe(axis, noun)` says about all axes at once, then about one of them, which is named: `rows: …`. */
export function perAxisLines(axes, describe) {
  const shared = axes.map((axis) => describe(axis, sharedNoun(axes.length)));
  const common = shared[0].filter((line) => shared.every((lines) => lines.includes(line)));
  const own = axisNouns(axes.length).flatMap((noun, index) => {
    const isOwn = (_, line) => !common.includes(shared[index][line]);
    return describe(axes[index], noun).filter(isOwn).map((line) => `${noun.many}: ${line}`);
  });
  return [...common, ...own];
}
