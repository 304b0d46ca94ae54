/** slide: the window walks over the padded (and zero-inserted) input; each stop writes one output cell.
 * Twin of convviz/views/slide.py; a 1-D layer is drawn as lanes. */

import { makeChange, makeMark, makeSign, turningRow } from "../scene/builder.js";
import { formulas } from "../text/formulas.js";
import { rowAndCol, shownOf } from "./cell_grids.js";
import { badgesOf, legendOf, sizesLine, titleOf } from "./header.js";
import { lanes } from "./lanes.js";
import { borrowedBy, inputPanel, kernelPanel, outputPanel, windowOf, writtenCell } from "./panels.js";
import { stepLine } from "./step_text.js";

const LAID = 0;
const WRITTEN = 2;

/** The plan of a layer's scene. */
export function slide(layer, numbers) {
  return layer.axes.length === 1 ? lanes(layer, numbers) : walk(layer, numbers);
}

function walk(layer, numbers) {
  const panels = [inputPanel(layer, numbers), kernelPanel(layer, numbers), outputPanel(layer)];
  const sign = makeSign(layer.transposed ? "∗" : "⋆");
  return {
    title: titleOf(layer),
    sizes: sizesLine(layer),
    badges: badgesOf(layer),
    body: turningRow(panels[0], sign, panels[1], makeSign("="), panels[2]),
    legend: legendOf(panels, layer),
    formulas: formulas(layer),
    count: layer.outputCount,
    wordless: !shownOf(numbers),
    changes: (index) => {
      const output = layer.outputAt(index);
      return [makeChange(WRITTEN, output, writtenCell(output, numbers))];
    },
    rest: (index) => stop(layer, numbers, layer.outputAt(index)),
  };
}

/** Marks and line of the frame that writes `output`. */
function stop(layer, numbers, output) {
  const [row, col] = rowAndCol(output);
  return {
    marks: [
      ...borrowedBy(layer, output).map(([r, c]) => makeMark(LAID, [[r], [c]], false, "source")),
      makeMark(LAID, windowOf(layer, output), true),
      makeMark(WRITTEN, [[row], [col]]),
    ],
    caption: stepLine(layer, output, numbers),
  };
}
