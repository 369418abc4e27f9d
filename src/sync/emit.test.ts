import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, boolean, integer, record } from 'fast-check';
import { ConnectorError } from '../errors.ts';
import { Output } from '../protocol/output.ts';
import { LineWriter } from '../protocol/writer.ts';
import { EVERYTHING, type Place } from '../sources/place.ts';
import { Drift } from '../tables/drift.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { rowsOf } from '../testing/rows.ts';
import { Emitter } from './emit.ts';

/** An emitter, and what it has printed: `STARTED`, `row`, `state <token> +<count>`, `WARN`. */
function emitterOn({ incremental = true } = {}) {
  const clock = new FakeClock();
  const chunks: Buffer[] = [];
  const writer = new LineWriter(
    new Writable({ write: (chunk: Buffer, _, done) => (chunks.push(Buffer.from(chunk)), done()) }),
  );
  const output = new Output({ writer, redact: (text) => text, now: () => clock.now(), debug: false });
  const lists = { all: { fingerprint: 'f', place: EVERYTHING } };
  const drift = new Drift({ properties: { id: { type: 'integer' } } });
  const options = { name: 'jobs', incremental, lastStamp: undefined, lists, output, clock, drift };
  const emitter = new Emitter(options);
  const printed = async (): Promise<string[]> => {
    await writer.flush();
    const lines = Buffer.concat(chunks).toString().split('\n').filter(Boolean);
    return lines.map((line) => brief(JSON.parse(line)));
  };
  return { emitter, clock, printed };
}

function brief(message: any): string {
  if (message.type === 'RECORD') return 'row';
  if (message.type === 'LOG') return message.log.level;
  if (message.type === 'TRACE') return message.trace.stream_status.status;
  const { stream_state: state } = message.state.stream;
  const place = state.lists?.all.place;
  return `state ${place ? (place.token ?? place.kind) : 'completed'} +${message.state.sourceStats.recordCount}`;
}

const at = (token: string): Place => ({ kind: 'changes', token });
const rows = (count: number) => rowsOf(Array.from({ length: count }, (_, id) => ({ id })));
const write = (emitter: Emitter, count: number, place?: Place) =>
  emitter.write('all', { rows: rows(count), arrivedAtMs: 0, place });

describe('a stream that can be gone on with', () => {
  test('starts, runs from its first row on, and completes behind a state that counts its rows', async () => {
    const { emitter, printed } = emitterOn();
    emitter.start();
    emitter.start();
    await write(emitter, 2, at('t'));
    emitter.complete();
    expect(await printed()).toEqual(['STARTED', 'RUNNING', 'row', 'row', 'state t +2', 'COMPLETE']);
  });

  test('without a row has a state all the same', async () => {
    const { emitter, printed } = emitterOn();
    await write(emitter, 0, at('t'));
    emitter.complete();
    expect(await printed()).toEqual(['STARTED', 'RUNNING', 'state t +0', 'COMPLETE']);
  });

  test('that fails is INCOMPLETE behind a state over what was written', async () => {
    const { emitter, printed } = emitterOn();
    await write(emitter, 1, at('t'));
    expect(emitter.fail(new Error('defect'))).toBeInstanceOf(ConnectorError);
    expect(await printed()).toEqual(['STARTED', 'RUNNING', 'row', 'state t +1', 'ERROR', 'INCOMPLETE']);
  });

  test('that fails before it began says so, without a state', async () => {
    const { emitter, printed } = emitterOn();
    emitter.fail(new Error('defect'));
    expect(await printed()).toEqual(['STARTED', 'ERROR', 'INCOMPLETE']);
  });

  test('that is interrupted is covered by a state, once, and has no status at its end', async () => {
    const { emitter, printed } = emitterOn();
    emitter.interrupt();
    await write(emitter, 1, at('t'));
    emitter.interrupt();
    emitter.interrupt();
    expect(await printed()).toEqual(['STARTED', 'RUNNING', 'row', 'state t +1']);
  });

  test('prints a state after 30 seconds, and none where nothing is new', async () => {
    const { emitter, clock, printed } = emitterOn();
    emitter.start();
    for (const place of [at('a'), at('a'), at('b')]) {
      clock.set(clock.now() + 30_000);
      await write(emitter, 0, place);
    }
    const states = (await printed()).filter((line) => line.startsWith('state'));
    expect(states).toEqual(['state a +0', 'state b +0']);
  });

  test('a state in the midst of a batch names the place before it', async () => {
    const { emitter, printed } = emitterOn();
    await write(emitter, 100, at('a'));
    await write(emitter, 1_000, at('b'));
    emitter.complete();
    const states = (await printed()).filter((line) => line.startsWith('state'));
    expect(states[0]).toBe('state a +900');
    expect(states.at(-1)).toBe('state b +200');
  });

  test('whatever comes, each row is counted once, states are never equal in a row, and no more than 1,000 rows or one batch are at risk', async () => {
    const steps = array(record({ count: integer({ min: 0, max: 1_300 }), placed: boolean(), waited: boolean() }), {
      maxLength: 12,
    });
    await assert(
      asyncProperty(steps, async (given) => {
        const { emitter, clock, printed } = emitterOn();
        let unplaced = 0;
        let most = 1_000;
        for (const [index, { count, placed, waited }] of given.entries()) {
          unplaced += count;
          most = Math.max(most, unplaced);
          if (placed) unplaced = 0;
          if (waited) clock.set(clock.now() + 30_000);
          await write(emitter, count, placed ? at(`t${index}`) : undefined);
        }
        emitter.complete();
        const total = given.reduce((sum, { count }) => sum + count, 0);
        const lines = await printed();
        const placeAfter = placesByRows(given);
        let written = 0;
        let counted = 0;
        let covered = 0;
        let last = '';
        for (const line of lines) {
          if (line === 'row') written += 1;
          expect(written - covered).toBeLessThanOrEqual(most);
          const state = /^state (\S+) \+(\d+)$/.exec(line);
          if (!state) continue;
          counted += Number(state[2]);
          expect(counted).toBe(written);
          expect(line === last && Number(state[2]) === 0).toBe(false);
          last = line;
          covered = placeAfter.get(state[1] ?? '') ?? NaN;
          expect(covered).toBeLessThanOrEqual(written); // a state never covers what was not written before it
        }
        expect([written, counted, emitter.rows]).toEqual([total, total, total]);
      }),
      { numRuns: 40 },
    );
  });
});

/** How many rows lie before each place. */
function placesByRows(steps: readonly { count: number; placed: boolean }[]): Map<string, number> {
  const places = new Map([['everything', 0]]);
  let rowsSoFar = 0;
  for (const [index, { count, placed }] of steps.entries()) {
    rowsSoFar += count;
    if (placed) places.set(`t${index}`, rowsSoFar);
  }
  return places;
}

describe('a stream that is read whole', () => {
  test('has one state, at its end, however long it is', async () => {
    const { emitter, clock, printed } = emitterOn({ incremental: false });
    await write(emitter, 2_000, EVERYTHING);
    clock.set(clock.now() + 59_000);
    await write(emitter, 1, EVERYTHING);
    emitter.complete();
    const lines = (await printed()).filter((line) => line !== 'row');
    expect(lines).toEqual(['STARTED', 'RUNNING', 'state completed +2001', 'COMPLETE']);
  });

  test('has none where it fails', async () => {
    const { emitter, printed } = emitterOn({ incremental: false });
    await write(emitter, 1, EVERYTHING);
    emitter.fail(new Error('defect'));
    expect(await printed()).toEqual(['STARTED', 'RUNNING', 'row', 'ERROR', 'INCOMPLETE']);
  });
});

test('a warning is given once, and a long read says how far it has come', async () => {
  const { emitter, clock, printed } = emitterOn();
  emitter.start();
  emitter.warn('odd');
  emitter.warn('odd');
  clock.set(clock.now() + 60_000);
  await write(emitter, 0);
  expect(await printed()).toEqual(['STARTED', 'WARN', 'INFO']);
});
