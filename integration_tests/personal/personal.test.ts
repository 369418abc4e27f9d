import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { groups } from '../../src/personal/choices.ts';
import { streams } from '../../src/tables/table.ts';
import { Bench } from '../support/bench.ts';
import type { Ended } from '../support/process.ts';
import { closedValidatorOf } from '../support/schema.ts';
import { brokenRules, type Row } from '../support/transcript.ts';
import { keyOf } from '../support/truth.ts';
import { MARK, startMarking, type Marking } from './marked.ts';

/* What leaves the program of the values that a server marked as personal, over all tables, by whole processes. */

const names = streams.map(({ name }) => name);
const salt = 'a long random text for tests only';
const all = (choice: string): Record<string, unknown> => ({
  personal_data: Object.fromEntries(groups.map((group) => [group, choice])),
  personal_data_salt: salt,
});

let bench: Bench;
let marking: Marking;
let kept: Ended;
let dropped: Ended;
let hashed: Ended;
let drifted: Ended;

async function read(config: Record<string, unknown>): Promise<Ended> {
  const args = await bench.readArguments({ streams: names, config });
  return bench.run([...args, '--debug'], { env: { ASHBY_BASE_URL: marking.url } });
}
const found = ({ stdout, stderr }: Ended): string[] => [...new Set(`${stdout}\n${stderr}`.match(MARK))];

beforeAll(async () => {
  bench = await Bench.start({ scale: 40 });
  marking = await startMarking(bench.sim.url);
  kept = await read({});
  dropped = await read(all('drop'));
  hashed = await read(all('hash'));
  marking.drift = true;
  drifted = await read(all('drop'));
  marking.drift = false;
}, 300_000);
afterAll(async () => {
  await marking.close();
  await bench.stop();
});

test('with everything kept the marks come through', () => {
  expect(found(kept).length).toBeGreaterThan(500);
  expect(kept.stdout).not.toContain('"personal"');
});

describe.each([
  ['dropped', () => dropped],
  ['hashed', () => hashed],
  ['dropped, while Ashby sends fields that nobody declared', () => drifted],
])('with every group %s', (_what, ended) => {
  test('the run is whole', () => {
    expect({ code: ended().code, stderr: ended().stderr, errors: ended().out.errors() }).toEqual({
      code: 0,
      stderr: '',
      errors: [],
    });
    expect(brokenRules(ended().out)).toEqual([]);
  });

  test('nothing of what was marked is printed: not in rows, states, logs', () => {
    expect(found(ended())).toEqual([]);
  });

  test.each(names)('%s has the same rows by key, and ids and times as before', (name) => {
    const before = new Map(kept.out.rows(name).map((row) => [row[keyOf(name)], untouched(row)]));
    const after = new Map(
      ended()
        .out.rows(name)
        .map((row) => [row[keyOf(name)], untouched(row)]),
    );
    expect(after.size).toBeGreaterThan(0);
    expect(after).toEqual(before);
  });
});

/** Ids and times of a row by their paths, outside of what people typed in. */
function untouched(row: Row): Record<string, unknown> {
  const foundAt: Record<string, unknown> = {};
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value)) walk(part, `${path}.${name}`);
    } else if (/\.(id|\w+Id|\w+At|\w+Ids\.\d+|timestamp|startTime|endTime)$/.test(path) && !path.includes('_ab_cdc')) {
      if (value !== null && !/submittedValues|extraData|changedFields|\.referrer/.test(path)) foundAt[path] = value;
    }
  };
  walk(row, '');
  return foundAt;
}

describe('hashed values', () => {
  const hash = (text: string): string => createHmac('sha256', salt).update(text).digest('hex');

  test("join: a candidate's address has one hash in both tables, of the address in lower case", () => {
    const addresses = new Map(
      kept.out.rows('candidates').map((row) => [row['id'], (row['primaryEmailAddress'] as Row | undefined)?.['value']]),
    );
    const candidates = new Map(hashed.out.rows('candidates').map((row) => [row['id'], row]));
    const joined = hashed.out.rows('applications').flatMap(({ candidate }) => {
      const { id, primaryEmailAddress } = candidate as Row; // some applications come without the address
      const address = addresses.get(id);
      return typeof address === 'string' && primaryEmailAddress
        ? [{ id, address, own: (primaryEmailAddress as Row)['value'] }]
        : [];
    });
    expect(joined.length).toBeGreaterThan(10);
    for (const { id, address, own } of joined) {
      expect(address).toContain('@Example.com');
      expect(own).toBe(hash(address.toLowerCase()));
      expect((candidates.get(id)!['primaryEmailAddress'] as Row)['value']).toBe(own);
    }
  });

  test('what stands beside them is as it was', () => {
    const emails = (ended: Ended): unknown =>
      ended.out
        .rows('candidates')
        .map((row) => ((row['emailAddresses'] ?? []) as Row[]).map(({ type, isPrimary }) => ({ type, isPrimary })));
    expect(emails(hashed)).toEqual(emails(kept));
  });
});

describe('the catalog', () => {
  const discover = async (config: Record<string, unknown>): Promise<Map<string, Row>> => {
    const { out } = await bench.command('discover', { ...bench.config, ...config });
    const [catalog] = out.catalogs();
    return new Map(catalog!.streams.map(({ name, json_schema }) => [String(name), json_schema as Row]));
  };

  test('offers what the rows have: nothing that is dropped, text for what is hashed', async () => {
    for (const [config, ended] of [
      [all('drop'), dropped],
      [all('hash'), hashed],
    ] as const) {
      const schemas = await discover(config);
      expect([...schemas.keys()].sort()).toEqual([...names].sort());
      for (const name of names) {
        const schema = schemas.get(name)!;
        const rows = ended.out.rows(name).slice(0, 200);
        const fits = closedValidatorOf(schema);
        expect({ name, wrong: rows.flatMap((row) => (fits(row) ? [] : (fits.errors ?? []))) }).toEqual({
          name,
          wrong: [],
        });
      }
    }
  });

  test('with everything at keep it is the one without the option', async () => {
    expect(await discover(all('keep'))).toEqual(await discover({}));
  });
});

describe('what is said', () => {
  test('undeclared fields are told once for each table, counted, and not named', () => {
    const said = drifted.out.logs('WARN').filter((line) => line.includes('not declared'));
    expect(said.length).toBe(new Set(said.map((line) => line.split(':')[0])).size);
    expect(said).toContainEqual(
      expect.stringMatching(/^candidates: Ashby sends \d+ fields that are not declared \(in (.*, )?the row[,)]/),
    );
    expect(said.join()).not.toContain('newField');
  });

  test('where everything is declared nothing is said', () => {
    expect(dropped.out.logs('WARN').filter((line) => line.includes('declared'))).toEqual([]);
  });
});
