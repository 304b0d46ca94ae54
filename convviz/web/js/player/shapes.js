/** Shapes as items [tag, attributes] for an SVG. Pure. */

/** A box with `by` pixels more on each side. */
export function grown({ x, y, w, h }, by) {
  return { x: x - by, y: y - by, w: w + 2 * by, h: h + 2 * by };
}

export function rect({ x, y, w, h }, fill) {
  return ["rect", { x, y, width: w, height: h, fill }];
}

export function polygon(points, fill) {
  return ["polygon", { points: points.map(([x, y]) => `${tidy(x)},${tidy(y)}`).join(" "), fill }];
}

export function path(d, stroke, width) {
  return ["path", { d, stroke, "stroke-width": width, fill: "none" }];
}

export function line([x, y], [right, bottom]) {
  return `M${tidy(x)} ${tidy(y)}L${tidy(right)} ${tidy(bottom)}`;
}

function tidy(length) {
  return Math.round(length * 100) / 100;
}
