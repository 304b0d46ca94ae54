/** The products of a window: a panel with one cell for each weight; twin of convviz/views/products.py. */

import { allIndices } from "../itertools.js";
import { flatIndex, windowTaps } from "../layers/ops.js";
import { makeCell, makeChange, makePanel } from "../scene/builder.js";
import { PRODUCTS } from "../scene/left_out.js";
import { formatCell, formatFactor, formatValue } from "../text/formatting.js";
import { emptyGrid, visibleValues } from "./cell_grids.js";

const MOST_WEIGHTS = 49;
const MOST_OUTPUTS = 1024;
const ZERO = makeCell("inserted", "0");
const [EACH, SUMMED] = ["products, cell by cell", "products, added up"];

/** Whether the products of each window can be shown. */
export function showsProducts(layer, values) {
  const weights = layer.kernel.reduce((total, size) => total * size);
  return Boolean(visibleValues(values)) && weights <= MOST_WEIGHTS && layer.outputCount <= MOST_OUTPUTS;
}

/** Return the panel before the first window is multiplied. */
export function productsPanel(layer) {
  const panel = makePanel(PRODUCTS, emptyGrid(layer.kernel), EACH);
  return { ...panel, moment_captions: [EACH, EACH, SUMMED, SUMMED] };
}

/** List the changes that write the products of the window for an output cell, each below its factors. */
export function productChanges(layer, values, output, panel) {
  const places = allIndices(layer.kernel);
  return windowTaps(layer, output).map(({ source, weight: tap }, at) => {
    const value = source ? values.x[flatIndex(layer.input, source)] : 0;
    const weight = values.w[flatIndex(layer.kernel, tap)];
    return makeChange(panel, places[at], value && weight ? productCell(values, value, weight) : ZERO);
  });
}

function productCell({ xNotation, wNotation, productNotation }, value, weight) {
  const factors = [formatValue(value, xNotation), formatValue(weight, wNotation)];
  const product = formatCell(value * weight, productNotation);
  return makeCell("product", product, false, 100, factors.map(formatFactor).join("·"));
}
