/** The moments of a step of the pair view; twin of convviz/views/pair_story.py. */

import { makeSentence } from "../text/lines.js";
import { asked } from "../scene/timing.js";
import { visibleValues } from "./cell_grids.js";
import { stepCaption } from "./step_text.js";
import { ASKED, rowLength, specialSteps } from "./story.js";

/** Name the moments of a step. */
export function momentNames(values) {
  return visibleValues(values) ? ["gather", "write", "send back"] : ["gather", "send back"];
}

/**
 * Return the story of a plan with a step for each output cell and a last one; `back` is the panel of what is sent back.
 * The first change of each step writes the output cell.
 */
export function pairStory(layer, values, { changes, details }, back) {
  return {
    moments: (index) => momentsOf(layer, values, layer.outputAt(index), details(index), () => changes(index)[0], back),
    special: specialSteps(layer),
    row: rowLength(layer),
    after: 1,
  };
}

/** List what the frames before an output cell is sent back have of their own. */
function momentsOf(layer, values, output, end, written, back) {
  const marks = end.marks.filter(({ panel, highlighted }) => panel !== back || !highlighted);
  if (!visibleValues(values)) {
    const gathered = end.caption.variants.filter((line) => !line.includes("back"));
    return [{ changes: [], marks, caption: makeSentence(...gathered) }];
  }
  const caption = stepCaption(layer, output, values);
  return [
    { changes: [{ ...written(), cell: ASKED }], marks, caption: asked(caption) },
    { changes: [written()], marks, caption },
  ];
}
