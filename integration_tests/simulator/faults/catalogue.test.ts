import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { FAULT_CATALOGUE, GROUPS, type CatalogueEntry } from '../fault-catalogue.ts';
import { startSimulator, type Row, type Simulator } from '../index.ts';
import { KINDS } from './effects.ts';
import { ask, strictly, type RawAnswer } from './strict-reader.ts';

/** Three pages, and a list whose only page is its last. */
const LONG = 'candidateTag.list';
const SHORT = 'department.list';
const INFO = 'interviewerPool.info';

let sim: Simulator;
beforeAll(async () => {
  sim = await startSimulator({ scale: 60, tables: { [LONG]: 250 } });
});
afterEach(() => sim.clearFaults());
afterAll(() => sim.close());

interface Target {
  endpoint: string;
  body: Row;
  expected: Parameters<typeof strictly>[1];
}

type Place = Exclude<CatalogueEntry['at'], 'any'>;

function target(at: Place): Target {
  if (at === 'info') {
    const id = sim.rows('interviewerPool.list').next().value?.['id'];
    return { endpoint: INFO, body: { interviewerPoolId: id }, expected: { id, paged: false, token: false } };
  }
  return {
    endpoint: at === 'lastPage' ? SHORT : LONG,
    body: { includeArchived: true },
    expected: { paged: true, token: true },
  };
}

/** What can be compared: positions and tokens are new with every answer. */
function visible({ status, headers, bytes }: RawAnswer): unknown {
  const text = bytes.toString('latin1').replaceAll(/"(nextCursor|syncToken)":"[^"]+"/g, '"$1":"…"');
  return { status, type: headers['content-type'], encoding: headers['content-encoding'], text };
}

test('names are unique, sentences are sentences, and every group and kind of fault is there', () => {
  const names = FAULT_CATALOGUE.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(FAULT_CATALOGUE.filter(({ does }) => !/^\S.*\.$/.test(does)).map(({ name }) => name)).toEqual([]);
  expect(new Set(FAULT_CATALOGUE.map(({ group }) => group))).toEqual(new Set(GROUPS));
  const used = new Set(FAULT_CATALOGUE.map(({ effect }) => effect.kind as string));
  const short = ['tokenExpired', 'tokenInvalid', 'tooLarge', 'cursorExpired', 'cursorInvalid'];
  expect([...KINDS].filter((kind) => !used.has(kind))).toEqual(short);
});

/** Faults that one answer alone does not show: what tells is the page after it, or the one before. */
const ACROSS = ['cursor-repeated', 'cursor-alternating', 'row-again', 'page-empty'];
const inAnswers = FAULT_CATALOGUE.filter(({ group, name }) => group !== 'connection' && !ACROSS.includes(name));

const cases = inAnswers.flatMap((entry) =>
  (entry.at === 'any' ? (['list', 'info'] as const) : [entry.at]).map((at) => [entry.name, at, entry] as const),
);

describe.each(cases)('%s at %s', (_name, at, entry) => {
  test(`strikes once, and ${entry.passes === 'always' ? 'leaves the answer right' : 'can be noticed'}`, async () => {
    const o = target(at);
    const right = await ask(sim, o.endpoint, o.body);
    const rows = strictly(right, o.expected);
    expect(rows.length).toBeGreaterThan(0);
    sim.fault({ ...entry.effect, endpoint: o.endpoint });
    const [struck] = await Promise.allSettled([ask(sim, o.endpoint, o.body)]);
    if (entry.sparesRows) expect(strictly(valueOf(struck), { ...o.expected, token: false })).toEqual(rows);
    if (entry.passes !== 'always') expect(() => strictly(valueOf(struck), o.expected)).toThrow();
    else if (entry.name === 'row-moved') expect(strictly(valueOf(struck), o.expected)).toEqual(rows.slice(0, -1));
    else expect(withoutAdded(strictly(valueOf(struck), o.expected), entry)).toEqual(rows);
    if (struck.status === 'fulfilled') expect(sameAs(struck.value, right)).toBe(false);
    expect(sameAs(await ask(sim, o.endpoint, o.body), right)).toBe(true);
  });
});

function valueOf(settled: PromiseSettledResult<RawAnswer>): RawAnswer {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

const sameAs = (a: RawAnswer, b: RawAnswer): boolean => JSON.stringify(visible(a)) === JSON.stringify(visible(b));

/** Rows as they were before the fault added a field or a copy. */
function withoutAdded(rows: readonly Row[], { effect }: CatalogueEntry): Row[] {
  if (effect.kind === 'row') return rows.filter((row, n) => row['id'] !== rows[n - 1]?.['id']);
  if (effect.kind !== 'value') return [...rows];
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([field]) => field !== effect.field)));
}

describe('across pages', () => {
  const effectOf = (name: string): CatalogueEntry['effect'] => {
    const entry = FAULT_CATALOGUE.find((one) => one.name === name);
    if (!entry) throw new Error(`no fault is called ${name}`);
    return entry.effect;
  };
  const page = async (cursor?: unknown): Promise<Row> => {
    const body = { includeArchived: true, ...(cursor === undefined ? {} : { cursor }) };
    return JSON.parse((await ask(sim, LONG, body)).bytes.toString()) as Row;
  };
  const idsOf = (answer: Row): unknown[] => (answer['results'] as Row[]).map((row) => row['id']);
  const all = (): unknown[] => [...sim.rows(LONG, { includeArchived: true })].map((row) => row['id']);

  test.each([
    ['row-moved', [99, 101, 50], 250],
    ['row-again', [100, 101, 50], 251],
  ] as const)('%s: each row comes, on one page or on two', async (name, sizes, sum) => {
    sim.fault({ ...effectOf(name), endpoint: LONG });
    const first = await page();
    const second = await page(first['nextCursor']);
    expect(idsOf(await page(first['nextCursor']))).toEqual(idsOf(second));
    const pages = [first, second, await page(second['nextCursor'])].map(idsOf);
    expect(pages.map((ids) => ids.length)).toEqual(sizes);
    expect(pages.flat()).toHaveLength(sum);
    expect([...new Set(pages.flat())].sort()).toEqual(all().sort());
  });

  test('cursor-alternating, thrown always, leads to and fro between two pages', async () => {
    sim.fault({ ...effectOf('cursor-alternating'), endpoint: LONG, times: Infinity });
    const seen: unknown[][] = [];
    for (let n = 0, cursor: unknown; n < 5; n++) {
      const answer = await page(cursor);
      expect(answer['moreDataAvailable']).toBe(true);
      seen.push(idsOf(answer));
      cursor = answer['nextCursor'];
    }
    expect(seen[0]).not.toEqual(seen[1]);
    expect(seen.slice(2)).toEqual([seen[0], seen[1], seen[0]]);
  });

  test('cursor-repeated leads to the same page, and page-empty, thrown always, to new empty pages for ever', async () => {
    const first = await page();
    sim.fault({ ...effectOf('cursor-repeated'), endpoint: LONG });
    expect((await page(first['nextCursor']))['nextCursor']).toBe(first['nextCursor']);
    sim.fault({ ...effectOf('page-empty'), endpoint: LONG, times: Infinity });
    const cursors = new Set<unknown>();
    for (let n = 0, cursor: unknown; n < 30; n++) {
      const answer = await page(cursor);
      expect([idsOf(answer), answer['moreDataAvailable']]).toEqual([[], true]);
      cursors.add((cursor = answer['nextCursor']));
    }
    expect(cursors.size).toBe(30);
    sim.clearFaults();
    expect(idsOf(await page([...cursors].at(-1)))).toEqual(idsOf(first));
  });
});
