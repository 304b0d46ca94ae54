/** Ranges, products and other lists. */

/** The numbers 0 … count − 1, or from `start` on. */
export function range(count, start = 0) {
  return Array.from({ length: Math.max(count, 0) }, (_, index) => start + index);
}

/** All choices of one entry of each list (one for every axis), the last list running fastest. */
export function product([first, second]) {
  return second ? first.flatMap((one) => second.map((other) => [one, other])) : first.map((one) => [one]);
}

/** All indices of a shape, in reading order. */
export function indicesOf(shape) {
  return product(shape.map((size) => range(size)));
}

/** Numbers once each, from small to large. */
export function sortedOnce(numbers) {
  return [...new Set(numbers)].sort((one, other) => one - other);
}
