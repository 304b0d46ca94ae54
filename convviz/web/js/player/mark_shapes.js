/** Marks, and the lines between them, as SVG items. */

import { boundingBox, cellAt, cellCorners, corners, gridRegion, movedRegion, wholeGrid } from "./cell_geometry.js";
import { outsideLens } from "./lens.js";
import { dashed, grown, lineData, outlined, path, polygon, rect } from "./shapes.js";

/** The width of the halo on both sides of an outline. */
function haloWidth(outline) {
  return Math.max(1, Math.floor(outline / 2));
}

/** Return the region of a mark, moved by its shift. */
function markRegion({ panel, rows, cols, shift: [down, right] }, { grids }) {
  return movedRegion(grids[panel], gridRegion(grids[panel], rows, cols), down, right);
}

/** Return the width of dashes, and of the line of an arrow. */
export function dashWidth({ outline }) {
  return Math.floor((outline + 1) / 2);
}

/** Return by how many pixels the window's outline and its halo extend beyond the cells. */
export function windowReach(outline) {
  return outline - Math.floor(outline / 2) + haloWidth(outline);
}

/** Return the halo and the outline of a mark; a source has a thinner one inside its cell, what is kept a dashed one. */
export function markItems(mark, layout, theme) {
  if (mark.role === "kept") return keptItems(markRegion(mark, layout), layout, theme);
  const region = markRegion(mark, layout);
  const own = layout.grids[mark.panel].outline;
  const isSource = mark.role === "source";
  const colour = isSource ? theme.text : theme.window;
  if (region.right) {
    const width = isSource ? Math.max(1, layout.outline / 2) : Math.max(1.5, layout.outline * 0.8);
    const outline = outlined(polygon(isSource ? cellCorners(region, width / 2) : corners(region)), colour, width);
    return withHalo(outline, layout, theme);
  }
  const width = isSource ? Math.max(1, Math.floor(own / 2)) : own;
  const outside = isSource ? 0 : width - Math.floor(width / 2);
  const outline = outlined(rect(grown(region, outside - width / 2)), colour, width);
  if (!isSource) return withHalo(outline, { outline: own }, theme);
  const halo = haloWidth(own);
  return [outlined(rect(grown(region, -width - halo / 2)), theme.background, halo), outline];
}

/** The dashed outline, with a halo, of what is kept of a full output. */
function keptItems(region, layout, theme) {
  const width = dashWidth(layout);
  const shape = region.right ? polygon(corners(region)) : rect(grown(region, width / 2));
  return [outlined(shape, theme.background, width + 2), dashed(outlined(shape, theme.text, width))];
}

/** Return the thin frame around the cells of a panel without gaps: white cells would have no edge. */
export function frameItem(grid, theme) {
  return outlined(rect(grown(boundingBox(wholeGrid(grid)), 0.5)), theme.muted, 1);
}

/** A wider line in the colour of the background below a line. */
function withHalo([tag, attributes], layout, theme) {
  const width = attributes["stroke-width"] + 2 * haloWidth(layout.outline);
  return [[tag, { ...attributes, stroke: theme.background, "stroke-width": width }], [tag, attributes]];
}

/** Return the halo and the guide lines between two marks: two on flat grids, four on oblique grids. */
export function guideItems(guide, marks, layout, theme) {
  const [start, end] = [marks[guide.start], marks[guide.end]];
  const [one, other] = [start, end].map((mark) => markRegion(mark, layout));
  const isOblique = one.right && other.right;
  const toCell = (corner, at) => [corner, corners(other)[at]];
  const boxes = [boundingBox(one), boundingBox(other)];
  const lines = isOblique ? corners(one).map(toCell) : outsideLens(layout.lens, facingCorners(...boxes), boxes[0]);
  const data = lines.map(([from, to]) => lineData(from, to)).join("");
  return withHalo(path(data, theme.window, Math.max(1, layout.outline / 2.5)), layout, theme);
}

/** The lines between facing corners of two boxes, side by side or one below the other. */
function facingCorners(one, other) {
  if (one.x + one.w <= other.x) {
    return [
      [[one.x + one.w, one.y], [other.x, other.y]],
      [[one.x + one.w, one.y + one.h], [other.x, other.y + other.h]],
    ];
  }
  return [
    [[one.x, one.y + one.h], [other.x, other.y]],
    [[one.x + one.w, one.y + one.h], [other.x + other.w, other.y]],
  ];
}

/** Return the vertical line of a connector between two panels. */
export function connectorItem({ upper, lower, col, shift }, layout, theme) {
  const [from, to] = [layout.grids[upper], layout.grids[lower]];
  const cell = boundingBox(movedRegion(from, cellAt(from, 0, col), 0, shift));
  const width = Math.max(1, Math.floor(layout.outline / 2));
  const margin = layout.outline + 1;
  const top = boundingBox(wholeGrid(from)).y + boundingBox(wholeGrid(from)).h + margin;
  const h = Math.max(0, boundingBox(wholeGrid(to)).y - margin - top);
  return rect({ x: cell.x + Math.floor((cell.w - width) / 2), y: top, w: width, h }, theme.window);
}
