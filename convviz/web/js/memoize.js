/** Results that are found once. */

/** What `make(key)` says, made once for each key. */
export function once(known, key, make) {
  if (!known.has(key)) known.set(key, make(key));
  return known.get(key);
}
