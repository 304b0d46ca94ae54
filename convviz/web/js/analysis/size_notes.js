/** The sizes that a stride cannot tell apart; twin of convviz/analysis/size_notes.py. */

import { outputRange, PADDING_MODES, PADDING_RULES } from "../geometry/padding.js";
import { range } from "../itertools.js";
import { formatAlternatives } from "../text/formatting.js";

/** Names of paddings that depend on the size of the input. */
const FOLLOWS_INPUT = ["same", "same_lower"];
/** Sizes that are listed one by one; of more, the first and the last are. */
const MOST_LISTED = 8;

/** Say which inputs give the same output, and how a transposed convolution tells them apart. */
export function equalInputs(axis, name, noun) {
  const sizes = inputs(axis, name);
  if (sizes.length < 2) return [];
  const alike = `ambiguous size: inputs of ${alternatives(sizes)} ${noun.many} all give ${axis.output}`;
  if (FOLLOWS_INPUT.includes(name)) {
    const back = `transposed back with the same k, s and padding ${name}, the output size chooses`;
    return [`${alike} with padding ${name}; ${back}, by default ${axis.output * axis.stride}`];
  }
  const chosen = choices(sizes, axis.input - axis.remainder);
  return [`${alike}; transposed back with the same k, s, p, output padding chooses: ${chosen}`];
}

/** List the inputs that give the output of an axis; padding by a name that follows the input is that of each. */
function inputs(axis, name) {
  const { input, output, stride, remainder } = axis;
  const isNamed = FOLLOWS_INPUT.includes(name);
  const smallest = isNamed ? (output - 1) * stride + 1 : Math.max(1, input - remainder);
  const end = isNamed ? output * stride + 1 : input - remainder + stride;
  return range(end - smallest, smallest).filter((size) => isPossible(axis, size, name));
}

/** Whether the layer exists for an input of `size` cells; some padding modes limit the padding. */
export function isPossible({ stride, effectiveKernel, padding, paddingMode }, size, name) {
  const { largest } = PADDING_MODES[paddingMode];
  const sides = FOLLOWS_INPUT.includes(name) ? PADDING_RULES[name](size, effectiveKernel, stride) : padding;
  return largest(size) === null || Math.max(...sides) <= largest(size);
}

/** Say which outputs the convolution maps to the input, and what chooses one of them. */
export function possibleOutputs(axis, name, noun) {
  const { input, stride, effectiveKernel, padding } = axis;
  const isNamed = FOLLOWS_INPUT.includes(name);
  const [smallest, largest] = outputRange(isNamed ? name : padding, input, effectiveKernel, stride);
  const least = Math.max(1, smallest);
  const sizes = range(largest + 1 - least, least);
  if (sizes.length < 2) return [];
  const same = isNamed ? `k, s and padding ${name}` : "k, s, p";
  const maps = `the convolution with the same ${same} maps ${alternatives(sizes)} ${noun.many} to ${input}`;
  const byName = `the output size chooses, by default ${input * stride}`;
  const chooses = isNamed ? byName : `output padding chooses: ${choices(sizes, smallest)}`;
  return [`ambiguous size: ${maps}; ${chooses}`];
}

/** Format sizes: `5, 6 or 7`, or `5 to 60`. */
function alternatives(sizes) {
  return sizes.length <= MOST_LISTED ? formatAlternatives(sizes) : `${sizes[0]} to ${sizes.at(-1)}`;
}

/** Say which output padding gives which size: `a = 0 gives 5, a = 1 gives 6`. */
function choices(sizes, smallest) {
  const listed = sizes.map((size) => `a = ${size - smallest} gives ${size}`);
  return (sizes.length <= MOST_LISTED ? listed : [...listed.slice(0, MOST_LISTED - 1), "…", listed.at(-1)]).join(", ");
}
