/** Links in the backward view: the cells that meet in products of the forward pass, and what passes back between them.
 *
 * The grids are `dy`, `w`, `dw`, `dx`, `x` and `db`; of a convolution x and dL/dx have their padding around them, of a
 * transposed one dL/dy has the cropped cells. */

import { range } from "../itertools.js";
import { memoize } from "../memoize.js";
import { panelsOf } from "../scene/model.js";
import { formatAxisIndices } from "../text/formatting.js";
import { makeSentence } from "../text/lines.js";
import { inputGradientCaption, SPREAD } from "../views/backward_slide.js";
import { cellName, stampSentence } from "../views/backward_text.js";
import { Backward } from "../views/backward_values.js";
import { biasGradientCaption, weightGradientCaption } from "../views/backward_weight.js";
import { valueText } from "../views/scatter_text.js";
import { gridPanel, LinkPanel } from "./link_panels.js";
import { linkedSpans, stampedSpans } from "./link_scatter.js";
import { cellCaption, isEmpty, stampedCaption } from "./link_text.js";

const WINDOW_GRIDS = { dy: "output", w: "kernel", dw: "kernel", dx: "padded", x: "padded" };
const STAMP_GRIDS = { dy: "full", w: "kernel", dw: "kernel", dx: "input", x: "input" };

const cachedBackward = memoize((values) => new Backward(values.layer, values));

/** List the panels. */
export function backwardPanels(layer, { lazyScene }) {
  const { line } = new Backward(layer, null);
  const [lineOfX, lineOfY] = layer.transposed ? [layer.input, line] : [line, layer.output];
  const panels = {
    "dL/dy": gridPanel("dy", lineOfY),
    kernel: gridPanel("w", layer.kernel),
    "flipped kernel": new LinkPanel("w", layer.kernel.map((size) => range(size).reverse())),
    "dL/dx": gridPanel("dx", lineOfX),
    x: gridPanel("x", lineOfX),
    "dL/dw": gridPanel("dw", layer.kernel),
    "dL/db": gridPanel("db", layer.axes.map(() => 1)),
  };
  return panelsOf(lazyScene.scene.body).map(({ name }) => (name === SPREAD ? spreadPanel(layer) : panels[name]));
}

/** The cells of dL/dy among inserted zeros. */
function spreadPanel(layer) {
  const places = ({ input, offset, gap }) => range(input).map((cell) => offset + cell * (gap + 1));
  return new LinkPanel("dy", layer.transpose().slidingWindows.map(places));
}

/**
 * Return the function for the spans of each grid that are linked to a cell; `windowSpans` is that of a convolution. The
 * padding of x and of dL/dx is linked to the same place of the other one.
 */
export function backwardSpans(windowSpans) {
  return (layer, grid, index) => {
    const bias = layer.axes.map(() => [0]);
    const { insideSpans } = new Backward(layer, null);
    const all = layer.transposed ? insideSpans : layer.output.map((size) => range(size));
    if (grid === "db") return { db: bias, dy: all };
    const grids = layer.transposed ? STAMP_GRIDS : WINDOW_GRIDS;
    const spans = (layer.transposed ? stampedSpans : windowSpans)(layer, grids[grid], index);
    const found = Object.fromEntries(Object.entries(grids).map(([name, same]) => [name, spans[same]]));
    const isLinked = ({ x }) => index.every((at, axis) => x[axis].includes(at));
    const other = { x: "dx", dx: "x" }[grid];
    if (other && !isLinked(found)) return [found, { [other]: index.map((at) => [at]) }];
    const isTerm = grid === "dy" && index.every((at, axis) => all[axis].includes(at));
    return isTerm ? { ...found, db: bias } : found;
  };
}

/** Return the cell of dL/dy at an index of its grid; null for one that was cropped. */
export function gradientCell(layer, index) {
  return layer.transposed ? new Backward(layer, null).source(index) : index;
}

/** Return what a cell is, and where its gradient comes from or goes to. */
export function backwardCaption(layer, values, grid, index) {
  const back = cachedBackward(values);
  if (grid === "db") return biasGradientCaption(back);
  if (grid === "dw") return weightGradientCaption(back, index);
  if (grid === "dx") return layer.transposed ? inputGradientCaption(back, index) : lineCaption(back, index);
  if (grid === "dy") return layer.transposed ? sentCaption(back, index) : stampsCaption(back, index);
  if (layer.transposed) return stampedCaption(layer, values, STAMP_GRIDS[grid], index);
  return cellCaption(layer, values, WINDOW_GRIDS[grid], index);
}

/** A cell of dL/dx of a convolution, or of the padding around it. */
function lineCaption(back, position) {
  if (back.isInside(position)) return inputGradientCaption(back, back.source(position));
  if (isEmpty(linkedSpans(back.layer, "padded", position).output)) return makeSentence("padding that receives nothing");
  const source = back.source(position);
  const lost = source ? `added to ${cellName("dL/dx", source)}` : "cropped";
  return makeSentence(`padding: what it receives is ${lost}`, `padding: ${lost}`);
}

/** The cells that dL/dy of a convolution is sent to. */
function stampsCaption(back, index) {
  const spans = back.spans(index);
  const cells = spans.map((span, axis) => span.filter((at) => back.axes[axis].inside[at]));
  const sources = cells.map((span, axis) => span.map((at) => back.axes[axis].sources[at]));
  return stampSentence(back, index, sources, cells.some((span, axis) => span.length < spans[axis].length));
}

/** The cells of dL/dx of a transposed convolution that collect from a cell of dL/dy. */
function sentCaption(back, position) {
  const cell = back.source(position);
  if (!cell) return makeSentence("a zero in the place of a cropped cell of y", "a zero");
  const left = cellName("dL/dy", cell);
  const name = `${left}${back.shown ? valueText(...back.gradient(cell)) : ""}`;
  const { input } = stampedSpans(back.layer, "full", position);
  if (isEmpty(input)) return makeSentence(`${name} is sent to no cell of dL/dx`, left);
  const where = `${name} is sent to ${formatAxisIndices(input)}`;
  return makeSentence(`${where} of dL/dx`, where, left);
}
