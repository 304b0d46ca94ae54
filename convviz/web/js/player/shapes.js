/** Shapes as SVG items [tag, attributes]. */

/** Return a box that is larger by `by` pixels on each side. */
export function grown({ x, y, w, h }, by) {
  return { x: x - by, y: y - by, w: w + 2 * by, h: h + 2 * by };
}

/** Return the item of a filled box. */
export function rect({ x, y, w, h }, fill) {
  return ["rect", { x, y, width: w, height: h, fill }];
}

/** Return the item of a filled polygon. */
export function polygon(points, fill) {
  return ["polygon", { points: points.map(([x, y]) => `${rounded(x)},${rounded(y)}`).join(" "), fill }];
}

/** Return the item of a stroked path. */
export function path(d, stroke, width) {
  return ["path", { d, stroke, "stroke-width": width, fill: "none" }];
}

/** Return the path data of a line. */
export function lineData([x1, y1], [x2, y2]) {
  return `M${rounded(x1)} ${rounded(y1)}L${rounded(x2)} ${rounded(y2)}`;
}

/** Return an item with an outline in place of its fill. */
export function outlined([tag, attributes], stroke, width) {
  return [tag, { ...attributes, fill: "none", stroke, "stroke-width": width }];
}

/** Return an outline with dashes in place of its line. */
export function dashed([tag, attributes]) {
  const width = attributes["stroke-width"];
  return [tag, { ...attributes, "stroke-dasharray": `${4 * width} ${3 * width}` }];
}

/** Return the dashed outline of a box. */
export function dashedItem(box, colour, width) {
  return dashed(outlined(rect(box), colour, width));
}

function rounded(length) {
  return Math.round(length * 100) / 100;
}
