/** The panels of the backward pass; twin of convviz/views/backward_panels.py. */

import { flatIndex } from "../layers/ops.js";
import { EMPTY, makeCell, makePanel } from "../scene/builder.js";
import { formatSizes } from "../text/formatting.js";
import { weightGrid } from "./backward_slide.js";
import { emptyGrid, mapGrid, rowAndCol, valueGrid } from "./cell_grids.js";
import { inputCaption, paddedGrid } from "./panels.js";

/** A cell of the padding of dL/dx, before anything arrives. */
const BORDER = makeCell("empty", "", true);

/** Return dL/dy: bare, or for a transposed layer in its line, with the cells that were cropped as padding. */
export function gradientPanel(back, arrived) {
  const { layer, line } = back;
  const size = formatSizes(layer.output);
  const gradientAt = back.shown && ((index) => back.gradient(index)[0]);
  const notation = back.shown ? back.dyNotation : "decimal";
  const cells = arrived ? valueGrid("output", layer.output, gradientAt, notation) : emptyGrid(layer.output);
  if (!layer.transposed) return makePanel("dL/dy", cells, `dL/dy ${size}`);
  const isBare = line.join() === layer.output.join();
  const grid = mapGrid(line, (position) => {
    const source = back.source(position);
    if (!source) return makeCell("padding");
    const [row, col] = rowAndCol(source);
    return cells[row][col];
  });
  return makePanel("dL/dy", grid, `dL/dy ${size}${isBare ? "" : `, padded with zeros: ${formatSizes(line)}`}`);
}

/** Return dL/dx before anything arrives; of a layer that stamps with its padding around it. */
export function inputGradientPanel(back) {
  const { layer } = back;
  const name = `dL/dx ${formatSizes(layer.input)}`;
  if (layer.transposed) return makePanel("dL/dx", emptyGrid(layer.input), name);
  const cells = mapGrid(back.line, (position) => (back.isInside(position) ? EMPTY : BORDER));
  return makePanel("dL/dx", cells, `${name}${borderText(back)}`);
}

/** Say what becomes of what is sent to the padding. */
function borderText({ isPadded, crops, layer }) {
  if (!isPadded) return "";
  if (!crops) return "; the cells around it receive nothing";
  return `; its padding is ${layer.paddingMode === "zeros" ? "cropped" : "added to the cells that it repeats"}`;
}

/** Return the kernel as it is given. */
export function givenKernelPanel(back) {
  return makePanel("kernel", weightGrid(back), `w ${formatSizes(back.layer.kernel)}, not flipped`);
}

/** Return x: padded, or bare for a transposed layer. */
export function givenInputPanel(back) {
  const { layer, shown } = back;
  if (!layer.transposed) return makePanel("x", paddedGrid(layer, shown), inputCaption(layer, "x"));
  const valueAt = shown && ((index) => shown.x[flatIndex(layer.input, index)]);
  return makePanel("x", valueGrid("input", layer.input, valueAt, shown?.xNotation), `x ${formatSizes(layer.input)}`);
}

/** Return dL/dw before anything is collected. */
export function weightGradientPanel({ layer }) {
  return makePanel("dL/dw", emptyGrid(layer.kernel), `dL/dw ${formatSizes(layer.kernel)}`);
}

/** Return dL/db before anything is added. */
export function biasGradientPanel() {
  return makePanel("dL/db", [[EMPTY]], "dL/db");
}
