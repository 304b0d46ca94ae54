/** What "copy" copies: the layer as a command, and as code. */

import { codeOf } from "../frameworks/codegen/generate.js";
import { commandOf } from "../text/notation.js";

const written = (framework) => (_state, layer) => (layer ? codeOf(framework, layer) : "");

/** Name of a tab → (state, layer or null) → text. */
export const CODES = {
  convviz: commandOf,
  PyTorch: written("torch"),
  Keras: written("keras"),
  JAX: written("jax"),
};
