/** The value of a key that is made of several things, made where there is none yet. */
export function entry<T>(map: Map<string, T>, key: readonly unknown[], make: () => T): T {
  const name = JSON.stringify(key);
  const known = map.get(name) ?? make();
  map.set(name, known);
  return known;
}
