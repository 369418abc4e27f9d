import { isObject } from '../json-text.ts';

/** The key in a form that may be anything else but right. */
export function givenKey(config: unknown): string | undefined {
  const key = isObject(config) ? config['api_key'] : undefined;
  return typeof key === 'string' ? key.trim() : undefined;
}

/** The secrets in a form that may be anything else but right, so that they can be hidden before anything is said about it. */
export function givenSecrets(config: unknown): string[] {
  const given = isObject(config) ? [config['api_key'], config['webhook_inbox_token']] : [];
  return given.flatMap((secret) => (typeof secret === 'string' ? [secret.trim()] : []));
}

/** So many keys of a form are looked at; nobody writes more. */
const MOST_KEYS = 200;

/**
 * What is allowed in the connection form and is still likely to be a slip, in sentences for the log. `specification`
 * is `connectionSpecification` of spec.json, `now` is in wall-clock milliseconds. No value is quoted, and a key only
 * where it nearly is one of ours.
 */
export function configWarnings(
  config: unknown,
  { specification, now }: { specification: Record<string, unknown>; now: number },
): string[] {
  if (!isObject(config)) return [];
  const known = isObject(specification['properties']) ? Object.keys(specification['properties']) : [];
  const warnings: string[] = [];
  for (const key of Object.keys(config).slice(0, MOST_KEYS)) {
    if (known.includes(key)) continue;
    const meant = known.find((name) => config[name] === undefined && isMisspelt(key, name));
    if (meant !== undefined) {
      warnings.push(`The configuration has "${key}", which is not a field of it and is ignored. Is "${meant}" meant?`);
    }
  }
  const startDate = config['start_date'];
  if (typeof startDate === 'string' && Date.parse(startDate) > now) {
    warnings.push(
      '"start_date" is in the future: no candidate and no application will be read. Give the date from which they are wanted.',
    );
  }
  const key = config['api_key'];
  if (typeof key === 'string' && key !== key.trim()) {
    warnings.push('"api_key" has white space around it, which is left out. Paste the key alone.');
  }
  return warnings;
}

/** Whether two names differ in little more than how words are joined. */
function isMisspelt(given: string, name: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const [a, b] = [bare(given), bare(name)];
  return Math.abs(a.length - b.length) <= 2 && editsBetween(a, b) <= (b.length > 6 ? 2 : 1);
}

/** How many letters must be added, left out or replaced to make one text of the other. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
