/** Throws a fault of the catalogue at a place, and says what is wrong with what the connector made of it. */

import type { CatalogueEntry } from '../simulator/fault-catalogue.ts';
import type { Fault } from '../simulator/index.ts';
import { hurriedClock, type Bench } from '../support/bench.ts';
import { Store } from '../support/store.ts';
import { brokenRules, type Transcript } from '../support/transcript.ts';
import { compare, SAME, truthOf } from '../support/truth.ts';
import { handlingOf, type Ending } from './handling.ts';
import { aimAt, type Place } from './places.ts';

const MOST_REQUESTS = 60;

/** Whole runs in words: an empty list is what a test expects. */
export async function strike(bench: Bench, entry: CatalogueEntry, place: Place, times: number): Promise<string[]> {
  const { sim } = bench;
  const handling = handlingOf(entry);
  const streams = [place.stream, ...place.siblings];
  sim.clearFaults();
  sim.clearRequests();
  sim.fault({ ...entry.effect, ...aimAt(place, times) } as Fault); // the union of effects does not survive the spread
  const everybody = entry.effect.kind === 'refuse'; // who is refused a connection is refused all of them
  const clock = everybody ? { ...hurriedClock(), sleep: () => pause(12) } : hurriedClock();
  const { outcome, out } = await bench.readHere({ streams }, { clock });
  sim.clearFaults();

  const wrong = brokenRules(out);
  const expected = (times === 1 ? handling.endsOnce : handling.endsAlways)(place);
  wrong.push(...endsOtherwise(out, place.stream, expected));
  // A key that Ashby refuses at once ends the run with its first request: everybody is told the same.
  const isRefusedKey = expected.failureType === 'config_error' && sim.requests().length === 1;
  const ofSiblings: Ending = isRefusedKey ? expected : { status: 'COMPLETE' };
  if (!everybody) for (const name of place.siblings) wrong.push(...endsOtherwise(out, name, ofSiblings));
  const whole = streams.every((name) => out.endings()[name] === 'COMPLETE');
  if (outcome !== (whole ? 'complete' : 'failed')) wrong.push(`the run is ${outcome}`);
  if (sim.requests().length > MOST_REQUESTS) wrong.push(`${sim.requests().length} requests`);
  if (handling.warns !== undefined && !out.logs('WARN').some((line) => line.includes(handling.warns ?? '')))
    wrong.push('nobody is warned');
  for (const name of streams) wrong.push(...wrongRows(bench, out, name, { entry, missesTold: handling.missesTold }));
  return wrong;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function endsOtherwise(out: Transcript, stream: string, { status, failureType }: Ending): string[] {
  const wrong: string[] = [];
  const ends = out.endings()[stream];
  if (ends !== status) wrong.push(`${stream} ends ${ends}, not ${status}`);
  const errors = out.errors().filter(({ stream_descriptor }) => stream_descriptor?.name === stream);
  if (errors.length !== (status === 'COMPLETE' ? 0 : 1)) wrong.push(`${stream}: ${errors.length} errors`);
  const [error] = errors;
  if (error && failureType !== undefined && error.failure_type !== failureType)
    wrong.push(`${stream}: ${error.failure_type}, not ${failureType}`);
  if (error && !/^[^\n]{30,}[.)]$/.test(error.message)) wrong.push(`${stream}: no sentence: ${error.message}`);
  return wrong;
}

/** Rows that are missing though the stream is COMPLETE; wrong ones in any case. */
function wrongRows(
  bench: Bench,
  out: Transcript,
  stream: string,
  o: { entry: CatalogueEntry; missesTold: true | undefined },
): string[] {
  const { effect } = o.entry;
  const store = new Store();
  store.apply(out);
  const rows = store.rows(stream);
  const plain = effect.kind === 'value' ? rows.map((row) => without(row, effect.field)) : rows;
  const difference = compare(stream, plain, truthOf(bench.sim, stream));
  if (out.endings()[stream] !== 'COMPLETE' || o.missesTold) difference.missing = [];
  return JSON.stringify(difference) === JSON.stringify(SAME) ? [] : [`${stream}: ${JSON.stringify(difference)}`];
}

function without(row: Record<string, unknown>, field: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== field));
}
