/** slide: the window moves over the padded, zero-inserted input; each step computes one output cell.
 * Twin of convviz/views/slide.py; a 1-D layer is shown as lanes. */

import { makeChange, makeGroup, makeMark, makeOperator, turningRow } from "../scene/builder.js";
import { SUM } from "../scene/left_out.js";
import { tells } from "../scene/timing.js";
import { formulas } from "../text/formulas.js";
import { rowAndCol, visibleValues } from "./cell_grids.js";
import { layerBadges, layerLegend, layerTitle, sizesSummary } from "./header.js";
import { lanes } from "./lanes.js";
import { lastWindow } from "./last_window.js";
import { biasNodes, inputPanel, kernelPanel, outputCell, outputPanel, repeatedCells, windowCells } from "./panels.js";
import { productChanges, productsPanel, showsProducts } from "./products.js";
import { stepCaption } from "./step_text.js";
import { momentNames, windowStory } from "./story.js";

const INPUT = 0;
const PRODUCT = 2;

/** Return the plan of a scene, with the products of each window if they are wanted and can be shown. */
export function slide(layer, values, timing, hasProducts) {
  if (layer.axes.length === 1) return lanes(layer, values, timing);
  return slideGrid(layer, values, timing, hasProducts && showsProducts(layer, values));
}

function slideGrid(layer, values, timing, hasProducts) {
  const added = biasNodes(values);
  const [input, kernel, output] = [inputPanel(layer, values), kernelPanel(layer, values), outputPanel(layer)];
  const products = hasProducts ? [productsPanel(layer)] : [];
  const multiplied = hasProducts
    ? [makeGroup("column", [kernel, ...products], { mayTurn: true }), makeOperator(SUM)]
    : [kernel];
  const panels = [input, kernel, ...products, ...added.slice(1), output];
  const target = panels.length - 1;
  const steps = {
    count: layer.outputCount,
    changes: (index) => {
      const at = layer.outputAt(index);
      const multiply = hasProducts ? productChanges(layer, values, at, PRODUCT) : [];
      return [...multiply, makeChange(target, at, outputCell(at, values))];
    },
    details: (index) => stepDetails(layer, values, layer.outputAt(index), target),
  };
  const moments = momentNames(values);
  return {
    title: layerTitle(layer),
    sizes: sizesSummary(layer),
    badges: layerBadges(layer),
    body: turningRow(input, makeOperator("⋆"), ...multiplied, ...added, makeOperator("="), output),
    legend: layerLegend(panels, layer),
    formulas: formulas(layer),
    textless: !visibleValues(values),
    ...steps,
    moments: tells(timing) ? moments : [],
    story: windowStory(layer, steps, panels, moments),
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
