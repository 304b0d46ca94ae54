/** A layer as lines of PyTorch; twin of convviz/frameworks/codegen/torch.py. */

import { formatPadding } from "../../text/formatting.js";
import { argumentsText, axesText, channelsFirst, outputCrops, tupleText } from "./text.js";

/** Write an `nn.Conv` or an `nn.ConvTranspose`; padding with unequal sides becomes a separate call. */
export function write(layer) {
  return layer.transposed ? transposedLines(layer) : convLines(layer);
}

function convLines(layer) {
  const { padding, kernel, stride, dilation } = layer;
  const name = `Conv${layer.axes.length}d`;
  const same = layer.namedPadding === "same" && stride.every((step) => step === 1);
  const isSymmetric = same || padding.every(([before, after]) => before === after);
  const numeric = isSymmetric && !same ? argumentsText(["padding", padding.map(([before]) => before), 0]) : "";
  const named = same ? ', padding="same"' : numeric;
  const sizes = argumentsText(["kernel_size", kernel], ["stride", stride, 1]);
  const module = `nn.${name}(1, 1${sizes}${named}${argumentsText(["dilation", dilation, 1])}, bias=False)`;
  if (isSymmetric) return snippet(layer, [], module, "layer(x)");
  const amount = `p = ${formatPadding(padding)} (before, after)`;
  const note = `# ${name} pads both sides equally, but here ${amount}: use F.pad.`;
  return snippet(layer, [note], module, `layer(F.pad(x, ${tupleText([...padding].reverse().flat())}))`);
}

/** Arguments crop if the end is at most the start and less than max(s, d) smaller; otherwise a slice crops. */
function transposedLines(layer) {
  const name = `ConvTranspose${layer.axes.length}d`;
  const crops = outputCrops(layer);
  const axes = layer.axes.map(({ stride, dilation }, axis) => cropArguments(crops[axis], Math.max(stride, dilation)));
  const each = (key) => axes.map((axis) => axis[key]);
  const sizes = argumentsText(["kernel_size", layer.kernel], ["stride", layer.stride, 1]);
  const padding = argumentsText(["padding", each("padding"), 0], ["output_padding", each("extra"), 0]);
  const module = `nn.${name}(1, 1${sizes}${padding}${argumentsText(["dilation", layer.dilation, 1])}, bias=False)`;
  const slices = each("slice");
  if (slices.every((slice) => slice === ":")) return snippet(layer, [], module, "layer(x)");
  const note = `# ${name} cannot crop ${formatPadding(crops)} (before, after): a slice crops the rest.`;
  return snippet(layer, [note], module, `layer(x)[:, :, ${slices.join(", ")}]`);
}

/** The padding, output padding and slice of an axis that crop `before` and `after` cells off the full output. */
function cropArguments([before, after], limit) {
  const within = before - after < limit;
  const [start, end] = within ? [0, Math.max(after - before, 0)] : [before, Math.max(after, 0)];
  return {
    padding: within ? before : 0,
    extra: Math.max(within ? before - after : -after, 0),
    slice: `${start || ""}:${-end || ""}`,
  };
}

function snippet(layer, notes, module, call) {
  return [
    ...notes,
    "import torch",
    "from torch import nn",
    ...(call.includes("F.pad") ? ["from torch.nn import functional as F"] : []),
    "",
    `x = torch.randn${channelsFirst(layer.input)}  # (batch, channels, ${axesText(layer)})`,
    `layer = ${module}`,
    `y = ${call}  # ${channelsFirst(layer.output)}`,
  ];
}
