/** What "copy" copies: the layer as a command, and as code. */

import { commandOf } from "./state.js";

/** Name of a tab → (state, layer) → text. */
export const CODES = { convviz: commandOf };
