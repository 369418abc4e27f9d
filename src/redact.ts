/** Keys shorter than this are not masked: replacing every "a" in a log would hide nothing and garble everything. */
const SHORTEST_SECRET = 8;
const MASK = '****';

export type Redact = (text: string) => string;

/**
 * Makes the function that every sentence for people passes through before it leaves the process. It masks the
 * API key as it is, as it stands in the Authorization header, and as it would look in JSON or in a URL.
 *
 * It is applied to the texts of logs, traces and statuses before they are encoded, never to records or states:
 * a sync token must come back as it was, and replacing text inside encoded JSON can break it.
 */
export function redactor(secrets: readonly string[]): Redact {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    forms.add(secret);
    forms.add(Buffer.from(`${secret}:`).toString('base64'));
    forms.add(Buffer.from(secret).toString('base64'));
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(encodeURIComponent(secret));
  }
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((masked, form) => masked.replaceAll(form, MASK), text);
}
