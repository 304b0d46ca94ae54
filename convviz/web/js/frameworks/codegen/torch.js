/** A layer as lines of PyTorch; twin of convviz/frameworks/writing/torch.py. */

import { shortSides } from "../../text/formatting.js";
import { axesWords, channelsFirst, cropsOf, pyArguments, pyTuple } from "./text.js";

/** Padding of both sides alike is an argument, any other is a line of its own. */
export function torchCode(layer) {
  return layer.transposed ? torchTransposed(layer) : torchConv(layer);
}

function torchConv(layer) {
  const { padding, kernel, stride, dilation } = layer;
  const name = `Conv${layer.axes.length}d`;
  const same = layer.namedPadding === "same" && stride.every((step) => step === 1);
  const even = same || padding.every(([before, after]) => before === after);
  const numeric = even && !same ? pyArguments(["padding", padding.map(([before]) => before), 0]) : "";
  const named = same ? ', padding="same"' : numeric;
  const steps = pyArguments(["kernel_size", kernel], ["stride", stride, 1]);
  const made = `nn.${name}(1, 1${steps}${named}${pyArguments(["dilation", dilation, 1])}, bias=False)`;
  if (even) return torchLines(layer, [], made, "layer(x)");
  const amount = `p = ${shortSides(padding)} (before, after)`;
  const note = `# ${name} pads both sides alike, and here ${amount}: F.pad does it.`;
  return torchLines(layer, [note], made, `layer(F.pad(x, ${pyTuple([...padding].reverse().flat())}))`);
}

/** Any crop can be said in which the end loses at most as much as the start, up to max(s, d) − 1 cells less. */
function torchTransposed(layer) {
  const name = `ConvTranspose${layer.axes.length}d`;
  const crops = cropsOf(layer);
  const found = layer.axes.map(({ stride, dilation }, axis) => torchCrop(crops[axis], Math.max(stride, dilation)));
  const each = (key) => found.map((one) => one[key]);
  const steps = pyArguments(["kernel_size", layer.kernel], ["stride", layer.stride, 1]);
  const numbers = pyArguments(["padding", each("padding"), 0], ["output_padding", each("extra"), 0]);
  const made = `nn.${name}(1, 1${steps}${numbers}${pyArguments(["dilation", layer.dilation, 1])}, bias=False)`;
  const slices = each("slice");
  if (slices.every((slice) => slice === ":")) return torchLines(layer, [], made, "layer(x)");
  const note = `# ${name} cannot crop ${shortSides(crops)} (before, after): a slice takes the rest off.`;
  return torchLines(layer, [note], made, `layer(x)[:, :, ${slices.join(", ")}]`);
}

/** Padding, output padding and slice of an axis that crop `before` and `after` cells off the full scatter. */
function torchCrop([before, after], limit) {
  const within = before - after < limit;
  const [start, end] = within ? [0, Math.max(after - before, 0)] : [before, Math.max(after, 0)];
  return {
    padding: within ? before : 0,
    extra: Math.max(within ? before - after : -after, 0),
    slice: `${start || ""}:${-end || ""}`,
  };
}

function torchLines(layer, notes, made, call) {
  return [
    ...notes,
    "import torch",
    "from torch import nn",
    ...(call.includes("F.pad") ? ["from torch.nn import functional as F"] : []),
    "",
    `x = torch.randn${channelsFirst(layer.input)}  # (batch, channels, ${axesWords(layer)})`,
    `layer = ${made}`,
    `y = ${call}  # ${channelsFirst(layer.output)}`,
  ];
}
