/** Whether odd values come out as they went in: by their text, since a parser would round what it compares. */

import type { CatalogueEntry } from '../simulator/fault-catalogue.ts';
import type { Fault } from '../simulator/index.ts';
import type { Bench } from '../support/bench.ts';
import type { Message } from '../support/transcript.ts';
import type { Place } from './places.ts';

/** What is wrong; an empty list is what a test expects. */
export async function valuesOf(bench: Bench, entry: CatalogueEntry, place: Place): Promise<string[]> {
  const { effect } = entry;
  if (effect.kind !== 'value') throw new Error(`${entry.name} is no value`);
  bench.sim.clearFaults();
  bench.sim.fault({ ...effect, endpoint: place.endpoint, times: Infinity } as Fault); // see strike.ts
  const { out } = await bench.readHere({ streams: [place.stream, ...place.siblings] });
  bench.sim.clearFaults();
  const text = `${JSON.stringify(effect.field)}:${textOf(effect)}`;
  const expected = onOneLine(text);
  let whole = 0;
  let told = 0;
  const wrong: string[] = [];
  for (const [index, message] of out.messages.entries()) {
    if (message.record?.stream !== place.stream) continue;
    const line = out.lines[index] ?? '';
    const changes = changesOf(message);
    if (line.includes(expected)) whole += 1;
    if (changes.includes(effect.field)) told += 1;
    else if (changes.length > 0) wrong.push(`changes of ${changes.join(', ')}`);
    else if (!line.includes(expected) && effect.length === undefined) wrong.push('another value, and nobody is told');
  }
  if (whole + told === 0) wrong.push('no row has the value');
  return [...new Set(wrong)];
}

function textOf({ json, depth, length }: { json?: string; depth?: number; length?: number }): string {
  if (length !== undefined) return `"${'x'.repeat(length)}"`;
  return depth === undefined ? (json ?? 'null') : '['.repeat(depth) + ']'.repeat(depth);
}

/** Separators at which some readers cut lines are printed as escapes, which mean the same. */
function onOneLine(text: string): string {
  return text.replace(/[\u0085\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function changesOf({ record }: Message): string[] {
  const { meta } = (record ?? {}) as { meta?: { changes?: { field: string }[] } };
  return (meta?.changes ?? []).map(({ field }) => field);
}
