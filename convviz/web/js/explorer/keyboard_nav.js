/** Where the arrow keys lead: from cell to cell, and over the edge of a grid into another one. */

/** The cell {panel, row, col} one step away. `spots` holds for each panel the rows and the columns at which cells
 * stand, `grids` where the panels are. Left and right run through all panels in their order; up and down go to the
 * nearest panel above or below. At the end of the way it stays. */
export function nextCell(spots, grids, cell, down, right) {
  const order = spots.flatMap(([rows, cols], panel) => (rows.length && cols.length ? [panel] : []));
  const from = cell && order.includes(cell.panel) ? cell : null;
  if (!from) return { panel: order[0], row: spots[order[0]][0][0], col: spots[order[0]][1][0] };
  const [rows, cols] = spots[from.panel];
  const row = beyond(rows, from.row, down);
  const col = beyond(cols, from.col, right);
  if (row !== null && col !== null) return { panel: from.panel, row, col };
  return (right ? sideways(spots, order, from, right) : upOrDown(spots, grids, order, from, down)) ?? from;
}

/** The next of `places` in a direction, `place` for none, null beyond the last. */
function beyond(places, place, direction) {
  if (!direction) return place;
  const ahead = places.filter((one) => (one - place) * direction > 0);
  return (direction > 0 ? ahead[0] : ahead.at(-1)) ?? null;
}

function sideways(spots, order, { panel, row }, right) {
  const next = order[order.indexOf(panel) + right];
  if (next === undefined) return null;
  const [rows, cols] = spots[next];
  return { panel: next, row: nearest(rows, row), col: right > 0 ? cols[0] : cols.at(-1) };
}

function upOrDown(spots, grids, order, { panel, col }, down) {
  const here = grids[panel];
  const x = here.x + (col + 0.5) * here.pitch;
  const away = (grid) => (down > 0 ? grid.y - lowerEdge(here) : here.y - lowerEdge(grid));
  const aside = (grid) => Math.max(grid.x - x, x - (grid.x + grid.cols * grid.pitch), 0);
  const far = (other) => away(grids[other]) + 2 * aside(grids[other]);
  const ahead = order.filter((other) => other !== panel && away(grids[other]) > -here.pitch / 2);
  if (!ahead.length) return null;
  const next = ahead.reduce((best, other) => (far(other) < far(best) ? other : best));
  const [rows, cols] = spots[next];
  const at = (x - grids[next].x) / grids[next].pitch - 0.5;
  return { panel: next, row: down > 0 ? rows[0] : rows.at(-1), col: nearest(cols, at) };
}

function lowerEdge({ y, rows, pitch }) {
  return y + rows * pitch;
}

function nearest(places, place) {
  return places.reduce((best, one) => (Math.abs(one - place) < Math.abs(best - place) ? one : best));
}
