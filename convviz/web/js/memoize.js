/** Caches that live as long as what they belong to. */

/** Return a version of `compute(key)` that runs once per object `key`; the result is dropped together with the key. */
export function memoize(compute) {
  const results = new WeakMap();
  return (key) => {
    if (!results.has(key)) results.set(key, compute(key));
    return results.get(key);
  };
}

/** Return a version of `compute(index)` that runs once per index, in ascending order without gaps. */
export function memoizeInOrder(compute) {
  const results = [];
  return (index) => {
    while (results.length <= index) results.push(compute(results.length));
    return results[index];
  };
}
