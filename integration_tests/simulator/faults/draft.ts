/** The text of an answer that a fault has to do with; right answers are never taken apart. */

import type { FaultEffect } from './effects.ts';
import { damageRows, splitRows } from './rows.ts';

/** The whole body: results, then the fields that follow them, with the fault in it. */
export function draft(o: { rows: Buffer; single: boolean; after: string; effect: FaultEffect }): string {
  const { effect } = o;
  const rows = damageRows(
    effect.kind === 'row' || effect.kind === 'value' ? splitRows(o.rows) : [o.rows.toString()],
    effect,
  );
  const results = o.single ? (rows[0] ?? 'null') : `[${rows.join(',')}]`;
  const fields = new Map<string, string>([
    ['success', 'true'],
    ['results', results],
  ]);
  for (const [name, value] of Object.entries(JSON.parse(`{${o.after.slice(1)}}`) as Record<string, unknown>))
    fields.set(name, JSON.stringify(value));
  if (effect.kind === 'noResults') fields.delete('results');
  if (effect.kind === 'envelope') {
    for (const name of effect.drop ?? []) fields.delete(name);
    for (const [name, value] of Object.entries(effect.set ?? {})) fields.set(name, JSON.stringify(value));
  }
  return `{${[...fields].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}
