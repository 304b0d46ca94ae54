/** Ranges, Cartesian products and sorted lists, as in Python's itertools. */

/** Return `count` consecutive integers from `start`. */
export function range(count, start = 0) {
  return Array.from({ length: Math.max(count, 0) }, (_, index) => start + index);
}

/** Return the Cartesian product of one or two lists; the last index runs fastest. */
export function product([first, second]) {
  return second ? first.flatMap((one) => second.map((other) => [one, other])) : first.map((one) => [one]);
}

/** List all indices of a shape in row-major order. */
export function allIndices(shape) {
  return product(shape.map((size) => range(size)));
}

/** Return the distinct numbers in ascending order. */
export function sortedUnique(numbers) {
  return [...new Set(numbers)].sort((one, other) => one - other);
}
