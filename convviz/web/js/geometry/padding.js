/** Padding by name and by mode: what stands around an input, and how much of it; twin of convviz/padding.py. */

/** What padding holds: `source(position, size)` is the input cell that it borrows, null for a zero. */
export const MODES = {
  zeros: { source: () => null, most: () => null },
  reflect: {
    source: (position, size) => Math.min(Math.abs(position), 2 * (size - 1) - position),
    most: (size) => size - 1,
  },
  replicate: { source: (position, size) => Math.min(Math.max(position, 0), size - 1), most: () => null },
  circular: { source: (position, size) => ((position % size) + size) % size, most: (size) => size },
};

/** Padding before and after by name, from input, reach of the kernel and stride. */
export const NAMED_SIDES = {
  valid: () => [0, 0],
  same: sameSides,
  same_lower: (input, reach, stride) => sameSides(input, reach, stride).reverse(),
  full: (_input, reach) => [reach - 1, reach - 1],
  half: (_input, reach) => [Math.floor(reach / 2), Math.floor(reach / 2)],
};

/** The names of paddings, in Python's order. */
export const PADDING_NAMES = Object.keys(NAMED_SIDES);

function sameSides(input, reach, stride) {
  return halves((Math.ceil(input / stride) - 1) * stride + reach - input);
}

/** A total of padding, or none below 0, on both sides, an odd cell at the end. */
function halves(total) {
  const all = Math.max(total, 0);
  return [Math.floor(all / 2), all - Math.floor(all / 2)];
}

function isSame(padding) {
  return padding === "same" || padding === "same_lower";
}

/** Smallest and largest output of a transposed convolution: what the forward convolution maps to `input` cells. */
export function outputRange(padding, input, reach, stride) {
  if (isSame(padding)) return [(input - 1) * stride + 1, input * stride];
  const [before, after] = typeof padding === "string" ? NAMED_SIDES[padding](input, reach, stride) : padding;
  const smallest = (input - 1) * stride + reach - before - after;
  return [smallest, smallest + stride - 1];
}

/** Crop before and after, and output padding, of a transposed convolution with padding by name; output may be null. */
export function namedCrop(padding, input, reach, stride, output) {
  const full = (input - 1) * stride + reach;
  const wanted = output ?? defaultOutput(padding, input, reach, stride);
  if (isSame(padding)) {
    const sides = halves(full - wanted);
    return [padding === "same" ? sides : sides.reverse(), Math.max(wanted - full, 0)];
  }
  const [before, after] = NAMED_SIDES[padding](input, reach, stride);
  return [[before, after], wanted === null ? 0 : wanted - (full - before - after)];
}

function defaultOutput(padding, input, reach, stride) {
  if (isSame(padding)) return input * stride;
  return padding === "valid" ? input * stride + Math.max(reach - stride, 0) : null;
}
