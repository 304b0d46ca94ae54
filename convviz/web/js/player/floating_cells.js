/** Where floating cells are drawn. */

import { SUM } from "../scene/left_out.js";
import { boundingBox, cellAt } from "./cell_geometry.js";
import { CAP_HEIGHT } from "./typography.js";

/** Return the region of a cell between grid positions, or on its way to the sign of a sum. */
export function floatingRegion(layout, { panel, row, col, share }) {
  const region = cellAt(layout.grids[panel], row / 1000, col / 1000);
  const sign = share ? layout.texts.find(({ text }) => text === SUM) : null;
  if (!sign) return region;
  const { x, y, w, h } = boundingBox(region);
  const [across, down] = [sign.x + sign.width / 2 - x - w / 2, sign.baseline - (CAP_HEIGHT * sign.px) / 2 - y - h / 2];
  return { ...region, x: region.x + (across * share) / 1000, y: region.y + (down * share) / 1000 };
}
