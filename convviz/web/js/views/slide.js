/** slide: the window moves over the padded, zero-inserted input; each step computes one output cell.
 * Twin of convviz/views/slide.py; a 1-D layer is shown as lanes. */

import { makeChange, makeMark, makeOperator, turningRow } from "../scene/builder.js";
import { formulas } from "../text/formulas.js";
import { rowAndCol, visibleValues } from "./cell_grids.js";
import { layerBadges, layerLegend, layerTitle, sizesSummary } from "./header.js";
import { lanes } from "./lanes.js";
import { lastWindow } from "./last_window.js";
import { biasNodes, inputPanel, kernelPanel, outputCell, outputPanel, repeatedCells, windowCells } from "./panels.js";
import { stepCaption } from "./step_text.js";

const INPUT = 0;

/** Return the plan of a scene. */
export function slide(layer, values) {
  return layer.axes.length === 1 ? lanes(layer, values) : slideGrid(layer, values);
}

function slideGrid(layer, values) {
  const added = biasNodes(values);
  const panels = [inputPanel(layer, values), kernelPanel(layer, values), ...added.slice(1), outputPanel(layer)];
  const target = panels.length - 1;
  return {
    title: layerTitle(layer),
    sizes: sizesSummary(layer),
    badges: layerBadges(layer),
    body: turningRow(panels[0], makeOperator("⋆"), panels[1], ...added, makeOperator("="), panels[target]),
    legend: layerLegend(panels, layer),
    formulas: formulas(layer),
    count: layer.outputCount,
    textless: !visibleValues(values),
    changes: (index) => {
      const output = layer.outputAt(index);
      return [makeChange(target, output, outputCell(output, values))];
    },
    details: (index) => stepDetails(layer, values, layer.outputAt(index), target),
  };
}

/** Marks and caption of the step that computes an output cell. */
function stepDetails(layer, values, output, target) {
  const [row, col] = rowAndCol(output);
  const last = lastWindow(layer, output, INPUT);
  return {
    arrows: last.arrows,
    marks: [
      ...last.marks,
      ...repeatedCells(layer, output).map(([r, c]) => makeMark(INPUT, [[r], [c]], false, "source")),
      makeMark(INPUT, windowCells(layer, output), true),
      makeMark(target, [[row], [col]]),
    ],
    caption: stepCaption(layer, output, values),
  };
}
