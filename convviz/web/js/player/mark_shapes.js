/** Outlines of marks, and the lines between them, as items for an SVG. Pure. */

import { boxOf, cellAt, corners, inset, span, visible, whole } from "./cell_boxes.js";
import { grown, line, path, polygon, rect } from "./shapes.js";

/** The outline of what a mark covers; a source's is thinner, and inside its cell. */
export function markItem(mark, sheet, theme) {
  const place = span(sheet.grids[mark.panel], mark.rows, mark.cols);
  const isSource = mark.role === "source";
  const colour = isSource ? theme.text : theme.window;
  if (place.right) {
    const width = isSource ? Math.max(1, sheet.outline / 2) : Math.max(1.5, sheet.outline * 0.8);
    const [tag, attributes] = polygon(isSource ? inset(place, width / 2) : corners(place), "none");
    return [tag, { ...attributes, stroke: colour, "stroke-width": width }];
  }
  const width = isSource ? Math.max(1, Math.floor(sheet.outline / 2)) : sheet.outline;
  const outside = isSource ? 0 : width - Math.floor(width / 2);
  const [tag, attributes] = rect(grown(place, outside - width / 2), "none");
  return [tag, { ...attributes, stroke: colour, "stroke-width": width }];
}

/** The lines between the outlines of two marks: two on flat grids, four on slanted ones, hidden by the upper plane. */
export function guideItem(guide, marks, sheet, theme) {
  const [start, end] = [marks[guide.start], marks[guide.end]];
  const [one, other] = [start, end].map(({ panel, rows, cols }) => span(sheet.grids[panel], rows, cols));
  const plane = whole(sheet.grids[end.panel]);
  const ends = one.right && other.right
    ? corners(one).map((corner, at) => [corner, visible(corner, corners(other)[at], plane, 2 * sheet.outline)])
    : facing(boxOf(one), boxOf(other));
  return path(ends.map(([from, to]) => line(from, to)).join(""), theme.badges.kernel, Math.max(1, sheet.outline / 2.5));
}

/** Lines between facing corners of two boxes, side by side or one below the other. */
function facing(one, other) {
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

/** A vertical line between two panels, short of what it joins. */
export function linkItem({ upper, lower, col }, sheet, theme) {
  const [from, to] = [sheet.grids[upper], sheet.grids[lower]];
  const cell = boxOf(cellAt(from, 0, col));
  const width = Math.max(1, Math.floor(sheet.outline / 2));
  const space = sheet.outline + 1;
  const top = boxOf(whole(from)).y + boxOf(whole(from)).h + space;
  const h = Math.max(0, boxOf(whole(to)).y - space - top);
  return rect({ x: cell.x + Math.floor((cell.w - width) / 2), y: top, w: width, h }, theme.window);
}
