import { createHash } from 'node:crypto';
import { LONGEST_SUFFIX } from './kinds.ts';

/** What every column of a custom field begins with; no column of Ashby's does. */
export const PREFIX = 'cf_';

/** Postgres cuts longer names, which makes two of them one. */
const LONGEST_NAME = 63;
/** So many characters of a digest of the id stand behind a name, one more step for each clash that is left. */
const DIGEST_LENGTHS = [0, 8, 16, 32] as const;

/** A field to be named. */
export interface Named {
  id: string;
  title: string;
  /** What its columns add to its name. */
  suffixes: readonly string[];
}

/**
 * A name for each of these fields, by its id: `cf_` and the title in snake case, of letters, digits and single
 * underscores, at most 63 characters with its suffix. Fields whose names, with their suffixes, meet in one column get a
 * digest of their ids behind it, all of them: so a name depends on which fields there are and not on their order. The
 * same goes for what meets a name of `taken`. A title without Latin letters and digits is named by the digest alone.
 */
export function namesOf(fields: readonly Named[], taken: Iterable<string> = []): Map<string, string> {
  const levels = new Map(fields.map(({ id, title }) => [id, wordsOf(title) === '' ? 1 : 0]));
  const nameOf = ({ id, title }: Named): string => nameAt(title, id, DIGEST_LENGTHS[levels.get(id) ?? 0] ?? 0);
  const reserved = new Set(taken);
  for (;;) {
    const holders = new Map<string, Named[]>();
    for (const field of fields) {
      const name = nameOf(field);
      for (const suffix of field.suffixes) {
        const column = name + suffix;
        holders.set(column, [...(holders.get(column) ?? []), field]);
      }
    }
    const clashing = [...holders].flatMap(([column, own]) => (own.length > 1 || reserved.has(column) ? own : []));
    const rising = new Set(
      clashing.map(({ id }) => id).filter((id) => (levels.get(id) ?? 0) < DIGEST_LENGTHS.length - 1),
    );
    if (rising.size === 0) return new Map(fields.map((field) => [field.id, nameOf(field)]));
    for (const id of rising) levels.set(id, (levels.get(id) ?? 0) + 1);
  }
}

function nameAt(title: string, id: string, digestLength: number): string {
  const digest = digestLength === 0 ? '' : `_${createHash('sha256').update(id).digest('hex').slice(0, digestLength)}`;
  const room = LONGEST_NAME - PREFIX.length - LONGEST_SUFFIX - digest.length;
  const words = (wordsOf(title) || 'field').slice(0, room).replace(/_$/, '');
  return `${PREFIX}${words}${digest}`;
}

/** Letters that do not come apart into a plain one and a mark. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** A title in snake case: lower case, marks taken off letters, apostrophes left out, all else an underscore. */
function wordsOf(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}'’ʼ]/gu, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => letters[letter] ?? letter)
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}
