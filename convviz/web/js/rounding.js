/** Rounding as in Python. */

/** Round to the nearest integer; ties round to even. */
export function roundHalfEven(number) {
  const below = Math.floor(number);
  if (number - below !== 0.5) return Math.round(number) + 0; // no negative zero
  return below % 2 ? below + 1 : below;
}
