/** Where the arrow keys lead: from cell to cell, and over the edge of a panel into another one. */

/**
 * Return the next cell {panel, row, col}. `panels` holds the [rows, columns] with cells of each panel, `grids` their
 * positions. Left and right go through all panels in their order, up and down to the nearest panel above or below. At
 * the end the cell stays; without a cell the first one is next.
 */
export function nextCell(panels, grids, cell, down, right) {
  const order = panels.flatMap(([rows, cols], panel) => (rows.length && cols.length ? [panel] : []));
  const from = cell && order.includes(cell.panel) ? cell : null;
  if (!from) return { panel: order[0], row: panels[order[0]][0][0], col: panels[order[0]][1][0] };
  const [rows, cols] = panels[from.panel];
  const row = nextPosition(rows, from.row, down);
  const col = nextPosition(cols, from.col, right);
  if (row !== null && col !== null) return { panel: from.panel, row, col };
  return (right ? inOtherColumn(panels, order, from, right) : inOtherRow(panels, grids, order, from, down)) ?? from;
}

/** The next position in a direction: the same for 0, null beyond the last. */
function nextPosition(positions, position, direction) {
  if (!direction) return position;
  const ahead = positions.filter((other) => (other - position) * direction > 0);
  return (direction > 0 ? ahead[0] : ahead.at(-1)) ?? null;
}

/** The nearest cell of the panel before or after. */
function inOtherColumn(panels, order, { panel, row }, right) {
  const next = order[order.indexOf(panel) + right];
  if (next === undefined) return null;
  const [rows, cols] = panels[next];
  return { panel: next, row: nearest(rows, row), col: right > 0 ? cols[0] : cols.at(-1) };
}

/** The nearest cell of the nearest panel above or below. */
function inOtherRow(panels, grids, order, { panel, col }, down) {
  const grid = grids[panel];
  const x = grid.x + (col + 0.5) * grid.pitch;
  const verticalDistance = (other) => (down > 0 ? other.y - bottom(grid) : grid.y - bottom(other));
  const horizontalDistance = (other) => Math.max(other.x - x, x - (other.x + other.cols * other.pitch), 0);
  const distance = (other) => verticalDistance(grids[other]) + 2 * horizontalDistance(grids[other]);
  const ahead = order.filter((other) => other !== panel && verticalDistance(grids[other]) > -grid.pitch / 2);
  if (!ahead.length) return null;
  const next = ahead.reduce((best, other) => (distance(other) < distance(best) ? other : best));
  const [rows, cols] = panels[next];
  const position = (x - grids[next].x) / grids[next].pitch - 0.5;
  return { panel: next, row: down > 0 ? rows[0] : rows.at(-1), col: nearest(cols, position) };
}

function bottom({ y, rows, pitch }) {
  return y + rows * pitch;
}

function nearest(positions, position) {
  return positions.reduce((best, other) => (Math.abs(other - position) < Math.abs(best - position) ? other : best));
}
