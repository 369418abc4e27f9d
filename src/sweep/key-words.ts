/**
 * Keys as words: every key of a table takes the same room, and its words give the key back, letter by letter. That is
 * what a memory needs which keeps nothing but sums of keys, and yet has to name those that are gone.
 *
 * The first word is the form: one UUID, two UUIDs with a colon (the `_key` of a composite key), or a short text, then
 * the number of its bytes. The rest is filled up with zeros.
 */

/** Bytes of the longest key: 16 for one UUID, 32 for a composite of two. Short texts may have as many in UTF-8. */
export type Width = 16 | 32;

const ONE_UUID = 0x80;
const TWO_UUIDS = 0x81;
const UUID_CHARS = 36;
const WORDS_OF_UUID = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Words of a key: the form, and four bytes each. */
export function wordsOf(width: Width): number {
  return width / 4 + 1;
}

/**
 * Writes a key's words. False where it does not fit (too long a text, a UUID in capitals, half a surrogate pair): such
 * a key cannot be named again, so a table that has one cannot be swept.
 */
export function writeKey(key: string, width: Width, into: Uint32Array): boolean {
  into.fill(0);
  if (key.length === UUID_CHARS && writeUuid(key, 0, into, 1)) {
    into[0] = ONE_UUID;
    return true;
  }
  if (width === 32 && key.length === 2 * UUID_CHARS + 1 && key[UUID_CHARS] === ':') {
    if (writeUuid(key, 0, into, 1) && writeUuid(key, UUID_CHARS + 1, into, 1 + WORDS_OF_UUID)) {
      into[0] = TWO_UUIDS;
      return true;
    }
    into.fill(0);
  }
  // No letter takes less than a byte: long texts need not be encoded to be refused.
  if (key.length > width || !key.isWellFormed()) return false;
  const bytes = encoder.encode(key);
  if (bytes.length > width) return false;
  into.fill(0);
  into[0] = bytes.length;
  for (const [index, byte] of bytes.entries()) {
    const word = 1 + (index >> 2);
    into[word] = (into[word] ?? 0) | (byte << (24 - 8 * (index & 3)));
  }
  return true;
}

/** The key whose words begin at `at`; undefined where no key has these words. */
export function readKey(words: Uint32Array, at: number, width: Width): string | undefined {
  const key = named(words, at, width);
  if (key === undefined) return undefined;
  // What is left of sums that did not come out even can look like a key, with something behind it.
  const again = new Uint32Array(wordsOf(width));
  return writeKey(key, width, again) && again.every((word, index) => word === words[at + index]) ? key : undefined;
}

/** A hash of a key's words (MurmurHash3, 32 bits). It is not linear, so a sum of keys does not have the sum's hash. */
export function hashWords(words: Uint32Array, at: number, count: number, seed: number): number {
  let hash = seed;
  for (let index = at; index < at + count; index += 1) {
    let word = Math.imul(words[index] ?? 0, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  return mix(hash);
}

/** Spreads each bit over all 32 (the end of MurmurHash3). */
export function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function named(words: Uint32Array, at: number, width: Width): string | undefined {
  const form = words[at] ?? 0;
  if (form === ONE_UUID) return uuidAt(words, at + 1);
  if (form === TWO_UUIDS && width === 32) return `${uuidAt(words, at + 1)}:${uuidAt(words, at + 1 + WORDS_OF_UUID)}`;
  if (form > width) return undefined;
  const bytes = Uint8Array.from({ length: form }, (_, n) => (words[at + 1 + (n >> 2)] ?? 0) >>> (24 - 8 * (n & 3)));
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function writeUuid(text: string, from: number, into: Uint32Array, at: number): boolean {
  let digits = 0;
  let word = 0;
  for (let index = 0; index < UUID_CHARS; index += 1) {
    const code = text.charCodeAt(from + index);
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== 45) return false;
      continue;
    }
    // 0-9, a-f. Capitals are refused: they would come back as small letters, which is another key.
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1;
    if (digit < 0) return false;
    word = (word << 4) | digit;
    digits += 1;
    if ((digits & 7) === 0) into[at + (digits >> 3) - 1] = word;
  }
  return true;
}

function uuidAt(words: Uint32Array, at: number): string {
  let hex = '';
  for (let index = at; index < at + WORDS_OF_UUID; index += 1) hex += (words[index] ?? 0).toString(16).padStart(8, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
