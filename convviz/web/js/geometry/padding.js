/** Padding by name (`same`, `valid`, …) and by mode (`reflect`, …); twin of convviz/geometry/padding.py. */

/**
 * Padding modes. `source(position, size)` is the input cell that a padding cell repeats, or null for a zero;
 * `largest(size)` is the largest padding for an input of that size, or null for no limit.
 */
export const PADDING_MODES = {
  zeros: { source: () => null, largest: () => null },
  reflect: {
    source: (position, size) => Math.min(Math.abs(position), 2 * (size - 1) - position),
    largest: (size) => size - 1,
  },
  replicate: { source: (position, size) => Math.min(Math.max(position, 0), size - 1), largest: () => null },
  circular: { source: (position, size) => ((position % size) + size) % size, largest: (size) => size },
};

/** Padding name → (input, effective kernel size, stride) → [before, after]. */
export const PADDING_RULES = {
  valid: () => [0, 0],
  same: samePadding,
  same_lower: (input, effectiveKernel, stride) => samePadding(input, effectiveKernel, stride).reverse(),
  full: (_input, effectiveKernel) => [effectiveKernel - 1, effectiveKernel - 1],
  half: (_input, effectiveKernel) => [Math.floor(effectiveKernel / 2), Math.floor(effectiveKernel / 2)],
};

/** All padding names. */
export const PADDING_NAMES = Object.keys(PADDING_RULES);

function samePadding(input, effectiveKernel, stride) {
  return halves((Math.ceil(input / stride) - 1) * stride + effectiveKernel - input);
}

/** Split a total, at least 0, into [before, after]; an odd cell goes to the end. */
function halves(total) {
  const positive = Math.max(total, 0);
  return [Math.floor(positive / 2), positive - Math.floor(positive / 2)];
}

function isSame(padding) {
  return padding === "same" || padding === "same_lower";
}

/** Return the smallest and the largest output of a transposed convolution: sizes that map forward to `input` cells. */
export function outputRange(padding, input, effectiveKernel, stride) {
  if (isSame(padding)) return [(input - 1) * stride + 1, input * stride];
  const [before, after] =
    typeof padding === "string" ? PADDING_RULES[padding](input, effectiveKernel, stride) : padding;
  const smallest = (input - 1) * stride + effectiveKernel - before - after;
  return [smallest, smallest + stride - 1];
}

/** Return [[crop before, crop after], output padding] of a transposed convolution; `output` is a size or null. */
export function transposedPadding(padding, input, effectiveKernel, stride, output) {
  const full = (input - 1) * stride + effectiveKernel;
  const wanted = output ?? defaultOutput(padding, input, effectiveKernel, stride);
  if (isSame(padding)) {
    const crop = halves(full - wanted);
    return [padding === "same" ? crop : crop.reverse(), Math.max(wanted - full, 0)];
  }
  const [before, after] = PADDING_RULES[padding](input, effectiveKernel, stride);
  return [[before, after], wanted === null ? 0 : wanted - (full - before - after)];
}

function defaultOutput(padding, input, effectiveKernel, stride) {
  if (isSame(padding)) return input * stride;
  return padding === "valid" ? input * stride + Math.max(effectiveKernel - stride, 0) : null;
}

/** Format a padded size: `5 + 2·1`, or `5 + 1 + 2` if the sides differ. */
export function paddingSum(size, [before, after]) {
  return before === after ? `${size} + 2·${before}` : `${size} + ${before} + ${after}`;
}
