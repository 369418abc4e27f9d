/** The code of an error of Node's, SQLite's or Postgres's, for a log line: it never quotes what was stored. */
export function codeOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : 'unknown';
}
