import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { streams } from '../src/tables/table.ts';
import { Bench } from './support/bench.ts';
import type { Ended } from './support/process.ts';
import { complaints } from './support/schema.ts';
import { brokenRules, type Row } from './support/transcript.ts';
import { ALL_STREAMS, compare, keyOf, SAME, truthOf } from './support/truth.ts';

/** One read of all tables by the built program, and what Ashby was asked for it. */
let bench: Bench;
let full: Ended;
let incremental: Ended;
/** Sent bodies, as the server saw them. */
const asked: { endpoint: string; body: Row; status: number; code: string | undefined }[] = [];

const names = streams.map(({ name }) => name);

beforeAll(async () => {
  bench = await Bench.start({
    scale: 120,
    tables: { 'candidate.list': 105, 'candidateTag.list': 200, 'interview.list': 101 },
  });
  full = await bench.read({ streams: names, mode: 'full_refresh' });
  incremental = await bench.read({ streams: names, mode: 'incremental' });
  for (const { endpoint, body, status, code } of bench.sim.requests()) {
    asked.push({ endpoint, body: body as Row, status, code });
  }
});

afterAll(() => bench.stop());

test('the tests know every table, and no other', () => {
  expect([...ALL_STREAMS].sort()).toEqual([...names].sort());
});

describe.each(['full_refresh', 'incremental'] as const)('all tables, %s', (mode) => {
  const run = (): Ended => (mode === 'full_refresh' ? full : incremental);

  test('the program ends with 0 and says nothing on standard error', () => {
    expect({ code: run().code, signal: run().signal, stderr: run().stderr, errors: run().out.errors() }).toEqual({
      code: 0,
      signal: null,
      stderr: '',
      errors: [],
    });
  });

  test('every line keeps the rules of the protocol', () => {
    expect(brokenRules(run().out)).toEqual([]);
  });

  test.each(names)('%s has exactly the rows of the simulator, each once', (name) => {
    const rows = run().out.rows(name);
    expect(rows.length).toBeGreaterThan(0);
    expect(compare(name, rows, truthOf(bench.sim, name))).toEqual(SAME);
  });

  test.each(names)('%s is STARTED, RUNNING, COMPLETE and has a state', (name) => {
    expect(run().out.statuses(name)).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
    expect(run().out.statesOf(name).length).toBeGreaterThan(0);
  });

  test.each(names)('%s is valid under its schema and has no field that is not declared', (name) => {
    expect(complaints(name, run().out.stamped(name))).toEqual([]);
  });

  test.each(names)('%s has a key in every row', (name) => {
    const broken = run()
      .out.rows(name)
      .filter((row) => typeof row[keyOf(name)] !== 'string' || row[keyOf(name)] === '');
    expect(broken).toEqual([]);
  });
});

test('no warning comes out of a read of everything', () => {
  // What else a delay holds beside its kind, Ashby's schema leaves open.
  const expected = /ASHBY_BASE_URL|stages\[\]\.sendAfter\.days/;
  expect(incremental.out.logs('WARN').filter((line) => !expected.test(line))).toEqual([]);
  expect(incremental.out.logs('ERROR')).toEqual([]);
});

test('the awkward texts of the simulator are in the output, made safe', () => {
  const text = JSON.stringify(full.out.messages);
  for (const part of ['\u2028', '\u2029', '\u0085', '\ufffd', '👩‍🚀']) expect(text.includes(part)).toBe(true);
  expect(/[\u0085\u2028\u2029]/.test(full.stdout)).toBe(false);
});

describe('what is sent to Ashby', () => {
  const documented = JSON.parse(readFileSync(new URL('support/documented.json', import.meta.url), 'utf8')) as Record<
    string,
    Record<string, string>
  >;

  test('only documented parameters of the right type are sent', () => {
    const wrong = new Set<string>();
    for (const { endpoint, body } of asked) {
      const known = documented[endpoint];
      if (!known) wrong.add(`${endpoint} is not documented`);
      for (const [name, value] of Object.entries(body)) {
        const type = known?.[name]?.replace(/!$/, '');
        if (name === 'cursor' && type === undefined) continue; // where one came back it must be followed
        if (type === undefined) wrong.add(`${endpoint}: ${name} is not documented`);
        else if (!fits(type, value))
          wrong.add(`${endpoint}: ${name} is ${JSON.stringify(value)}, documented is ${type}`);
      }
      for (const [name, type] of Object.entries(known ?? {})) {
        const either = endpoint === 'application.info' && name === 'submittedFormInstanceId';
        if (type.endsWith('!') && !either && !(name in body)) wrong.add(`${endpoint}: ${name} is missing`);
      }
    }
    expect([...wrong]).toEqual([]);
  });

  test('an undocumented cursor is sent only where an answer gave one', () => {
    const firsts = new Set(asked.filter(({ body }) => !('cursor' in body)).map(({ endpoint }) => endpoint));
    expect(asked.filter(({ endpoint }) => !firsts.has(endpoint))).toEqual([]);
  });

  test('nothing is refused by a strict server but transcripts that have expired', () => {
    const refused = asked.filter(({ status, code }) => status !== 200 || code !== undefined);
    expect(new Set(refused.map(({ endpoint, code }) => `${endpoint} ${code}`))).toEqual(
      new Set(['notetakerTranscript.info notetaker_transcript_expired']),
    );
  });

  test('limit is 100 wherever it is sent', () => {
    expect(new Set(asked.flatMap(({ body }) => ('limit' in body ? [body['limit']] : [])))).toEqual(new Set([100]));
  });
});

function fits(type: string, value: unknown): boolean {
  if (type.startsWith('array:')) {
    const allowed = type.slice('array:'.length).split('|');
    return Array.isArray(value) && value.every((part) => allowed.includes(String(part)));
  }
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number' || type === 'boolean') return typeof value === type;
  if (typeof value !== 'string') return false;
  if (type === 'string') return true;
  if (type === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
  return type.split('|').includes(value);
}
