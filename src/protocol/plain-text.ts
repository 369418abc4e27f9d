/*
 * Sentences hold words of others: a server's answer, a name out of a catalog, a path. In a log they must not move a
 * terminal's cursor, turn the direction of writing, begin a line of their own (which could pose as a message of the
 * protocol to whoever splits texts into lines), or fill a disk.
 */

/** Control characters, what is invisible, what turns the direction of writing, and what ends a line. */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const short: Partial<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text as it may stand in a log: what cannot be seen is written as an escape such as \u001b, and what is longer than
 * `longest` (in UTF-16 units) is cut, with a note of how much is missing.
 */
export function plainText(text: string, longest: number): string {
  const visible = text
    .toWellFormed()
    .replace(
      unprintable,
      (character) => short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  if (visible.length <= longest) return visible;
  const kept = visible.slice(0, longest).replace(/[\ud800-\udbff]$/, ''); // half a pair would be no text
  return `${kept}… (${visible.length - kept.length} characters left out)`;
}
