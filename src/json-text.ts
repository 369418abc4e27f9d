/*
 * JSON that stands on one line for every reader. JSON.stringify leaves U+2028, U+2029 and U+0085 as they are, and
 * Python's str.splitlines() cuts a line there; it writes a lone surrogate as \udXXX, and orjson and pydantic reject the
 * whole line then. The first are escaped, the second replaced by U+FFFD. Both are rare: one scan finds what needs it.
 */
const separators = /[\u0085\u2028\u2029]/g;

/** JSON of any value that is safe in a line of output. */
export function encodeJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!isSuspicious(json)) return json;
  // A backslash that stands in the text itself ("\\ud83d") only looks suspicious: encoding again changes nothing then.
  const wellFormed = JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? wellFormedKeys(part) : wellFormedText(part),
  );
  return wellFormed.replace(separators, (separator) => `\\u${separator.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Searches for single texts, since V8 does that several times faster than matching one pattern for all of them. */
function isSuspicious(json: string): boolean {
  return json.includes('\\ud') || json.includes('\u0085') || json.includes('\u2028') || json.includes('\u2029');
}

/** Whether a value is an object of JSON, and neither null nor a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wellFormedText(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function wellFormedKeys(value: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(value);
  if (keys.every((key) => key.isWellFormed())) return value;
  return Object.fromEntries(keys.map((key) => [key.toWellFormed(), value[key]]));
}
