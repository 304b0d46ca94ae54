/** The texts that "copy" copies: the layer as a command and as code. */

import { code } from "../frameworks/codegen/generate.js";
import { command } from "../text/notation.js";

const codeFor = (framework) => (_state, layer) => (layer ? code(framework, layer) : "");

/** Name of a tab → (state, layer or null) → text. */
export const CODE_TABS = {
  convviz: command,
  PyTorch: codeFor("torch"),
  Keras: codeFor("keras"),
  JAX: codeFor("jax"),
};
