/** A layer as code for a framework; twin of convviz/frameworks/codegen/generate.py, for zero padding. */

import { write as jax } from "./jax.js";
import { write as keras } from "./keras.js";
import { write as torch } from "./torch.js";

/** Framework → layer → lines of code. */
export const FRAMEWORKS = { torch, keras, jax };

/** Return code that makes a layer and calls it, with the shapes in comments. */
export function code(framework, layer) {
  return FRAMEWORKS[framework](layer).join("\n");
}
