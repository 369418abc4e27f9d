import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { groups } from '../../src/personal/choices.ts';
import { streams } from '../../src/tables/table.ts';
import { Bench } from '../support/bench.ts';
import type { Ended } from '../support/process.ts';
import { closedValidator } from '../support/schema.ts';
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

/** Tables whose rows are the values themselves: keys hold them, and none is left where they are dropped. */
const OF_VALUES = /^candidate_(emails|phones|links)$|_answers$/;

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

test('tables of addresses and answers have no rows where those are dropped, and as many where they are hashed', () => {
  const count = ({ out }: Ended): Record<string, number> =>
    Object.fromEntries(names.filter((name) => OF_VALUES.test(name)).map((name) => [name, out.rows(name).length]));
  expect(Object.values(count(kept)).every((rows) => rows > 0)).toBe(true);
  expect(count(hashed)).toEqual(count(kept));
  expect(Object.values(count(dropped)).some((rows) => rows > 0)).toBe(false);
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

  test.each(names.filter((name) => !OF_VALUES.test(name)))(
    '%s has the same rows by key, and ids and times as before',
    (name) => {
      const before = new Map(kept.out.rows(name).map((row) => [row[keyOf(name)], untouched(row)]));
      const after = new Map(
        ended()
          .out.rows(name)
          .map((row) => [row[keyOf(name)], untouched(row)]),
      );
      expect(after.size).toBeGreaterThan(0);
      expect(after).toEqual(before);
    },
  );
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
      expect([...schemas.keys()].sort()).toEqual([...names, 'live_keys'].sort());
      for (const name of names) {
        const schema = schemas.get(name)!;
        const rows = ended.out.rows(name).slice(0, 200);
        const fits = closedValidator(name, schema);
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

describe('a choice that has changed', () => {
  const both = ['candidates', 'departments'];
  const readHere = (config: Record<string, unknown>, state?: unknown) =>
    bench.readHere({ streams: both, config, state });
  const told = (out: { logs(level: string): string[] }): string[] =>
    out.logs('INFO').filter((line) => line.includes('has changed since the last run'));
  const contact = (choice: string, own = salt) => ({ personal_data: { contact: choice }, personal_data_salt: own });

  test('is told once, of the tables that it touches, and nothing is read again for it', async () => {
    const first = await readHere(contact('keep'));
    expect(JSON.stringify(first.out.states())).not.toContain('"personal"');
    const second = await readHere(contact('hash'), first.out.states());
    expect(told(second.out)).toEqual([expect.stringMatching(/^candidates: .* refresh this stream/)]);
    expect(second.out.rows('candidates')).toEqual([]);
    const third = await readHere(contact('hash'), second.out.states());
    expect(told(third.out)).toEqual([]);
    const otherSalt = await readHere(contact('hash', 'another salt'), third.out.states());
    expect(told(otherSalt.out)).toHaveLength(1);
    const otherGroup = await readHere(
      { ...contact('hash'), personal_data: { contact: 'hash', documents: 'drop' } },
      third.out.states(),
    );
    expect(told(otherGroup.out)).toHaveLength(1);
    const untouched = await readHere(
      { ...contact('hash'), personal_data: { contact: 'hash', compensation: 'drop' } },
      third.out.states(),
    );
    expect(told(untouched.out)).toEqual([]);
    const back = await readHere({}, third.out.states());
    expect(told(back.out)).toHaveLength(1);
    expect(JSON.stringify([second, otherSalt].map(({ out }) => out.states()))).not.toContain(salt);
  });

  test('what changed in Ashby comes as it is chosen now, and what is gone is still found', async () => {
    const config = { find_deleted: 'every_sync' };
    const first = await bench.readHere({ streams: ['candidates'], config, catalog: withTombstones() });
    const several = bench.sim.change('candidate.list', { count: 3 });
    const [gone] = bench.sim.remove('candidate.list', 1);
    const changed = several.find((id) => id !== gone);
    const second = await bench.readHere({
      streams: ['candidates'],
      config: { ...config, ...all('drop') },
      catalog: withTombstones(),
      state: first.out.states(),
    });
    const rows = new Map(second.out.rows('candidates').map((row) => [row['id'], row]));
    expect(rows.get(gone)).toMatchObject({ _ab_cdc_deleted_at: expect.any(String) });
    expect(rows.get(changed)).toMatchObject({ updatedAt: expect.any(String) });
    expect(rows.get(changed)).not.toHaveProperty('name');
  });
});

/** A catalog whose schema has the column of tombstones. */
function withTombstones(): object {
  return {
    streams: [
      {
        stream: {
          name: 'candidates',
          json_schema: {
            type: 'object',
            properties: { id: { type: 'string' }, _ab_cdc_deleted_at: { type: 'string' } },
          },
          supported_sync_modes: ['full_refresh', 'incremental'],
        },
        sync_mode: 'incremental',
        destination_sync_mode: 'append_dedup',
      },
    ],
  };
}
