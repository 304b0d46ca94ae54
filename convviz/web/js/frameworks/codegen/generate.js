/** Layers as code; twin of convviz/frameworks/writing, for convolutions of both kinds that pad with zeros. */

import { jaxCode } from "./jax.js";
import { kerasCode } from "./keras.js";
import { torchCode } from "./torch.js";

/** Framework → what writes a layer in it. */
export const FRAMEWORKS = { torch: torchCode, keras: kerasCode, jax: jaxCode };

/** A snippet that makes a layer and calls it, with the shapes in comments. */
export function codeOf(framework, layer) {
  return FRAMEWORKS[framework](layer).join("\n");
}
