/** steps: a convolution in two stages (pad, slide), a transposed one in four (parameters, insert, pad, slide).
 * Twin of convviz/views/steps.py. */

import { range } from "../itertools.js";
import { makeChange, makeMark, makePanel } from "../scene/builder.js";
import { tells } from "../scene/timing.js";
import { formulas } from "../text/formulas.js";
import { rowAndCol, visibleValues } from "./cell_grids.js";
import { convStages } from "./forward_steps.js";
import { layerBadges, layerLegend, layerTitle, sizesSummary } from "./header.js";
import { lastWindow } from "./last_window.js";
import { outputCell, paddedGrid, repeatedCells, windowCells } from "./panels.js";
import { stepCaption } from "./step_text.js";
import { momentNames, windowStory } from "./story.js";
import { transposedStages } from "./transposed_steps.js";

/** Return the plan of a scene. */
export function steps(layer, values, timing) {
  const padded = paddedGrid(layer, values);
  const stages = (layer.transposed ? transposedStages : convStages)(layer, values, padded);
  const { frames, resultPanel, tabs, closing } = stages;
  const end = frames.length + layer.outputCount;
  const fixed = (index) => (index === end ? closing : frames[index]);
  const outputAt = (index) => layer.outputAt(index - frames.length);
  const result = (output) => makeChange(resultPanel, rowAndCol(output), outputCell(output, values));
  const plan = {
    count: end + (closing ? 1 : 0),
    changes: (index) => fixed(index)?.changes ?? [result(outputAt(index))],
    details: (index) => fixed(index) ?? windowDetails(layer, values, outputAt(index), stages),
  };
  const moments = momentNames(values);
  const story = windowStory(layer, plan, stages.panels, moments, frames.length);
  return {
    ...plan,
    title: `${layerTitle(layer)} in ${layer.transposed ? "four" : "two"} steps`,
    sizes: sizesSummary(layer),
    badges: layerBadges(layer),
    body: stages.body,
    legend: layerLegend([...stages.panels, makePanel("line", padded), ...stages.shown], layer),
    formulas: formulas(layer),
    tabs,
    textless: !visibleValues(values),
    moments: tells(timing) ? moments : [],
    story: { ...story, tabs: tabStarts(frames) },
  };
}

/** Marks and caption of the step that computes an output cell. */
function windowDetails(layer, values, output, { inputPanel, resultPanel, tabs }) {
  const sources = repeatedCells(layer, output).map(rowAndCol);
  const last = lastWindow(layer, output, inputPanel);
  const marks = [
    ...last.marks,
    ...sources.map(([row, col]) => makeMark(inputPanel, [[row], [col]], false, "source")),
    makeMark(inputPanel, windowCells(layer, output), true),
    makeMark(resultPanel, rowAndCol(output).map((at) => [at])),
  ];
  return { marks, arrows: last.arrows, caption: stepCaption(layer, output, values), tab: tabs.length - 1 };
}

/** List the steps at which a tab begins, but the first; the last one begins with the first window. */
function tabStarts(frames) {
  return [...range(frames.length).filter((at) => at && frames[at].tab !== frames[at - 1].tab), frames.length];
}
