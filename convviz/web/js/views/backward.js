/** backward: the backward pass in acts, each a picture that the forward views know.
 * Twin of convviz/views/backward.py. */

import { makeChange, makeGroup } from "../scene/builder.js";
import { panelsOf } from "../scene/model.js";
import { formatPerAxis, formatSizes } from "../text/formatting.js";
import { Stamps } from "./backward_input.js";
import { backwardLegend } from "./backward_legend.js";
import {
  biasGradientPanel, givenInputPanel, givenKernelPanel, gradientPanel, inputGradientPanel, weightGradientPanel,
} from "./backward_panels.js";
import { plainAct, SlidingForm, slidingLayer } from "./backward_slide.js";
import { allRules, ARRIVES } from "./backward_text.js";
import { Backward } from "./backward_values.js";
import { biasAct, weightAct } from "./backward_weight.js";
import { layerBadges, layerTitle } from "./header.js";

/** Return the plan of a scene. */
export function backward(layer, values) {
  const back = new Backward(layer, values);
  const other = slidingLayer(layer);
  const sliding = other && new SlidingForm(back, other);
  const parts = allParts(back, sliding);
  const nodes = parts.map(([, node]) => node);
  const body = layer.axes.length === 1 ? makeGroup("column", nodes) : makeGroup("row", nodes, { equalWidths: true });
  const panels = panelsOf(body);
  const acts = allActs(back, sliding, Object.fromEntries(panels.map(({ name }, index) => [name, index])));
  const [size, input, kernel] = [layer.output, layer.input, layer.kernel].map(formatSizes);
  return {
    ...joined(acts),
    title: `${layerTitle(layer)}, backward`,
    sizes: `dL/dy ${size} → dL/dx ${input}, dL/dw ${kernel}, dL/db`,
    badges: layerBadges(layer),
    body,
    legend: backwardLegend(back, panels, other),
    formulas: allRules(layer),
    tabs: parts.map(([tab], index) => `${index + 1}  ${tab}`),
    textless: !back.shown,
  };
}

/** List the tabs and what is below each, [[tab, node]]. */
function allParts(back, sliding) {
  const { layer } = back;
  const stacked = (...nodes) => makeGroup(layer.axes.length === 2 ? "column" : "row", nodes);
  const alignedRow = (...nodes) => ({ ...makeGroup("row", nodes), align_captions: true });
  const [dy, dx, kernel] = [gradientPanel(back, false), inputGradientPanel(back), givenKernelPanel(back)];
  const gradients = alignedRow(weightGradientPanel(back), biasGradientPanel());
  const last = ["dL/dw and dL/db", stacked(givenInputPanel(back), gradients)];
  if (layer.transposed) {
    const slide = [`dL/dx: slide, stride ${formatPerAxis(layer.stride)}`, stacked(kernel, dx)];
    return [["dL/dy arrives", dy], slide, last];
  }
  const stamps = ["dL/dx: stamp and add", dx];
  if (!sliding) return [["dL/dy arrives", stacked(dy, kernel)], stamps, last];
  const [grid, flipped] = sliding.panels(false);
  const isBeside = flipsBeside(back, sliding.layer);
  const kernels = isBeside ? alignedRow(kernel, flipped) : kernel;
  const slide = ["dL/dx: slide, stride 1", isBeside ? grid : stacked(grid, flipped)];
  return [["dL/dy arrives", stacked(dy, kernels)], stamps, slide, last];
}

/** Whether the kernel and the flipped one are no wider side by side than the grid on which it slides. */
function flipsBeside({ line, layer }, other) {
  return 2 * layer.kernel.at(-1) < Math.max(line.at(-1), other.slidingWindows.at(-1).size);
}

/** List the acts in order, with their tabs. */
function allActs(back, sliding, panels) {
  const ofInput = back.layer.transposed ? plainAct(back, panels) : new Stamps(back, panels);
  const acts = [arrival(back, sliding, panels), ofInput, ...(sliding ? [sliding.act(panels)] : [])];
  const tab = acts.length;
  return [...acts, weightAct(back, panels), biasAct(back, panels)].map((act, at) => ({ act, tab: Math.min(at, tab) }));
}

/** The act of one frame in which dL/dy arrives, in each panel that shows it. */
function arrival(back, sliding, panels) {
  const pairs = [[gradientPanel(back, false), gradientPanel(back, true)]];
  if (sliding) pairs.push([sliding.panels(false)[0], sliding.panels(true)[0]]);
  const changes = pairs.flatMap(([before, after]) =>
    after.cells.flatMap((row, at) =>
      row.flatMap((cell, col) =>
        cell.role === before.cells[at][col].role ? [] : [makeChange(panels[before.name], [at, col], cell)],
      ),
    ),
  );
  return { count: 1, changes: () => changes, details: () => ({ marks: [], caption: ARRIVES }) };
}

/** Return acts [{act, tab}] as one: count, changes and details of a LazyScene, and a story in which tabs begin. */
function joined(acts) {
  const starts = [0];
  for (const { act } of acts) starts.push(starts.at(-1) + act.count);
  const find = (index) => {
    const at = starts.findLastIndex((start) => start <= index);
    return { ...acts[at], index: index - starts[at] };
  };
  const frame = (number) => {
    const { act, tab, index } = find(number);
    return { ...act.details(index), tab };
  };
  const changes = (number) => {
    const { act, index } = find(number);
    return act.changes(index);
  };
  const tabs = starts.slice(1, -1).filter((_, at) => acts[at + 1].tab !== acts[at].tab);
  return { count: starts.at(-1), changes, details: frame, story: { tabs } };
}
