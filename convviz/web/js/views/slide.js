/** slide: the window moves over the padded, zero-inserted input; each step computes one output cell.
 * Twin of convviz/views/slide.py; a 1-D layer is shown as lanes. */

import { makeChange, makeMark, makeOperator, turningRow } from "../scene/builder.js";
import { formulas } from "../text/formulas.js";
import { rowAndCol, visibleValues } from "./cell_grids.js";
import { layerBadges, layerLegend, layerTitle, sizesSummary } from "./header.js";
import { lanes } from "./lanes.js";
import { inputPanel, kernelPanel, outputCell, outputPanel, repeatedCells, windowCells } from "./panels.js";
import { stepCaption } from "./step_text.js";

const INPUT = 0;
const OUTPUT = 2;

/** Return the plan of a scene. */
export function slide(layer, values) {
  return layer.axes.length === 1 ? lanes(layer, values) : slideGrid(layer, values);
}

function slideGrid(layer, values) {
  const panels = [inputPanel(layer, values), kernelPanel(layer, values), outputPanel(layer)];
  const operator = makeOperator(layer.transposed ? "∗" : "⋆");
  return {
    title: layerTitle(layer),
    sizes: sizesSummary(layer),
    badges: layerBadges(layer),
    body: turningRow(panels[0], operator, panels[1], makeOperator("="), panels[2]),
    legend: layerLegend(panels, layer),
    formulas: formulas(layer),
    count: layer.outputCount,
    textless: !visibleValues(values),
    changes: (index) => {
      const output = layer.outputAt(index);
      return [makeChange(OUTPUT, output, outputCell(output, values))];
    },
    details: (index) => stepDetails(layer, values, layer.outputAt(index)),
  };
}

/** Marks and caption of the step that computes an output cell. */
function stepDetails(layer, values, output) {
  const [row, col] = rowAndCol(output);
  return {
    marks: [
      ...repeatedCells(layer, output).map(([r, c]) => makeMark(INPUT, [[r], [c]], false, "source")),
      makeMark(INPUT, windowCells(layer, output), true),
      makeMark(OUTPUT, [[row], [col]]),
    ],
    caption: stepCaption(layer, output, values),
  };
}
