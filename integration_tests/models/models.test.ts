import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator } from '../simulator/index.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { catalogOf } from '../support/catalog.ts';
import { runConnector } from '../support/process.ts';
import { STAMP } from '../support/transcript.ts';
import { Postgres } from '../webhooks/postgres/server.ts';
import { MODEL_STREAMS } from '../../scripts/report/streams.ts';
import { withDatabase } from '../../scripts/report/database.ts';
import { figuresOf } from '../../scripts/report/figures.ts';
import { pageOf } from '../../scripts/report/html.ts';
import { compiledModels } from './compiled.ts';
import { KEYS, twinOf, type Figures } from './twin.ts';
import { dbt, DuckDb, loadPostgres } from './warehouse.ts';

type Row = Record<string, unknown>;

/** A mart's value as the twin writes it. */
function plain(value: unknown, like: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(like)) return value === '' ? [] : String(value).split(', ');
  if (typeof like === 'number') return Math.round(Number(value) * 1e6) / 1e6;
  if (value instanceof Date) return value.toISOString();
  if (typeof like === 'string' && /^\d{4}-.*Z$/.test(like))
    return new Date(`${String(value).replace(' ', 'T')}Z`).toISOString();
  return value;
}

/** What differs between a mart and its twin, a handful of examples. */
function differences(mart: string, rows: readonly Row[], twin: ReadonlyMap<string, Figures>): string[] {
  const found = new Map(
    rows.map((row) => [(KEYS[mart] ?? []).map((column) => keyPart(column, row[column])).join('|'), row]),
  );
  const wrong = found.size === rows.length ? [] : [`${rows.length - found.size} rows have a key that another row has`];
  for (const key of new Set([...found.keys(), ...twin.keys()])) {
    const [row, figures] = [found.get(key), twin.get(key)];
    if (!row || !figures) wrong.push(`${key}: only in the ${row ? 'mart' : 'twin'}`);
    for (const [name, expected] of row && figures ? Object.entries(figures) : []) {
      if (!row) continue;
      const actual = Array.isArray(expected) ? plain(row[name] ?? '', expected) : plain(row[name], expected);
      const rounded = typeof expected === 'number' ? Math.round(expected * 1e6) / 1e6 : expected;
      if (JSON.stringify(actual) !== JSON.stringify(rounded))
        wrong.push(`${key}: ${name} is ${JSON.stringify(actual)}, not ${JSON.stringify(rounded)}`);
    }
  }
  return wrong.slice(0, 8);
}

function keyPart(column: string, value: unknown): string {
  if (value === null || value === undefined) return column === 'source_id' ? 'null' : '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return column === 'week' ? text.slice(0, 10) : column === 'month' ? text.slice(0, 7) : text;
}

let sim: Simulator;
let messages: string;
let twin: Record<string, Map<string, Figures>>;
const removed: string[] = [];
beforeAll(async () => {
  sim = await startSimulator({ scale: 400, seed: 5 });
  const folder = mkdtempSync(join(tmpdir(), 'source-ashby-models-'));
  const file = (name: string, content: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    return join(folder, name);
  };
  const config = file('config.json', { api_key: sim.keys.full, requests_per_minute: 1_000_000 });
  const catalog = file('catalog.json', catalogOf(MODEL_STREAMS, 'full_refresh'));
  const read = async (): Promise<string> => {
    const { code, stdout } = await runConnector(['read', '--config', config, '--catalog', catalog], {
      env: { ASHBY_BASE_URL: sim.url },
    });
    expect(code).toBe(0);
    return stdout;
  };
  const before = await read();
  sim.change('application.list', { fraction: 0.2 });
  sim.change('offer.list', { count: 3 });
  const living = new Set([...sim.rows('application.list')].map((row) => String(row['id'])));
  sim.remove('candidate.list', 9);
  const [from, into] = [...sim.rows('candidate.list')].slice(0, 2).map((row) => String(row['id']));
  sim.merge(String(from), String(into));
  for (const row of sim.rows('application.list')) living.delete(String(row['id']));
  removed.push(...living);
  // As it lies in a table that is only ever appended to: rows in both versions, and what was deleted with a tombstone.
  // Tables that are read whole each time are replaced.
  const earlier: string[] = [];
  const gone = { _ab_cdc_updated_at: '2099-01-01T00:00:00.000Z', _ab_cdc_deleted_at: '2099-01-01T00:00:00.000Z' };
  const tombstones = removed.map((id) =>
    JSON.stringify({ type: 'RECORD', record: { stream: 'applications', data: { id, ...gone } } }),
  );
  const offers = new Set([...sim.rows('offer.list')].map((row) => row['id']));
  for (const line of before.split('\n')) {
    if (!line.startsWith('{"type":"RECORD"')) continue;
    const { record } = JSON.parse(line) as { record: { stream: string; data: Row } };
    if (STAMP in record.data) earlier.push(line);
    if (['offers', 'offer_details'].includes(record.stream) && !offers.has(record.data['id']))
      tombstones.push(
        JSON.stringify({ type: 'RECORD', record: { stream: record.stream, data: { id: record.data['id'], ...gone } } }),
      );
  }
  messages = `${earlier.join('\n')}\n${await read()}${tombstones.join('\n')}\n`;
  twin = twinOf(sim);
  rmSync(folder, { recursive: true });
});
afterAll(() => sim.close());

test('the made-up account has what can go wrong: deletions, plan switches, slips, re-opened applications', () => {
  expect(removed.length).toBeGreaterThan(3);
  const of = (mart: string, name: string): number =>
    [...(twin[mart]?.values() ?? [])].filter((figures) => figures[name] === true).length;
  expect(of('ashby__stage_history', 'is_accidental')).toBeGreaterThan(5);
  expect(of('ashby__stage_history', 'is_plan_switch')).toBeGreaterThan(1);
  expect(of('ashby__applications', 'was_reopened')).toBeGreaterThan(5);
  expect(of('ashby__interviews', 'is_scorecard_late')).toBeGreaterThan(5);
});

describe('on DuckDB', () => {
  let store: DuckDb;
  beforeAll(async () => {
    store = new DuckDb();
    await store.load(messages, MODEL_STREAMS);
    const { code, said } = await dbt(['build'], { ASHBY_DUCKDB: store.file });
    expect([code, code === 0 ? '' : said]).toEqual([0, '']);
  });
  afterAll(() => store.drop());

  test.each(Object.keys(KEYS))('%s says what its twin says', async (mart) => {
    expect(differences(mart, await store.rows(`select * from ${mart}`), twin[mart] ?? new Map())).toEqual([]);
    expect(twin[mart]?.size).toBeGreaterThan(5);
  });

  test('every column of every mart is described', async () => {
    const { parse } = await import('yaml');
    const file = readFileSync(new URL('../../dbt/models/marts/marts.yml', import.meta.url), 'utf8');
    const { models } = parse(file) as { models: { name: string; columns: { name: string; description: string }[] }[] };
    for (const { name, columns } of models) {
      const there = await store.rows(
        `select column_name as name from information_schema.columns where table_name = '${name}'`,
      );
      expect([name, columns.map((column) => column.name).sort()]).toEqual([
        name,
        there.map((row) => row['name']).sort(),
      ]);
    }
    const marts = await store.rows(
      `select distinct table_name as name from information_schema.tables where table_name like 'ashby\\_\\_%' escape '\\'`,
    );
    expect(models.map(({ name }) => name).sort()).toEqual(marts.map((row) => row['name']).sort());
  });

  test('the page is made of the marts, loads nothing, and names no candidate', async () => {
    const page = await withDatabase(store.file, async (ask) => pageOf(await figuresOf(ask), 'A <test> & more'));
    const { hires } = JSON.parse(/id="figures">(.*)<\/script>/.exec(page)?.[1] ?? '{}') as { hires: Row[] };
    const hired = [...(twin['ashby__applications']?.values() ?? [])].filter(({ status }) => status === 'Hired');
    expect(hires).toHaveLength(hired.length);
    expect(page).toContain('A &lt;test> &amp; more');
    expect(page).not.toMatch(/(?:src|href)=["']?https?:/);
    const named = [...sim.rows('candidate.list')].filter(({ primaryEmailAddress: email }) =>
      page.includes((email as { value: string } | null | undefined)?.value ?? '\0'),
    );
    expect(named).toEqual([]);
  });

  test('the SQL that the demo runs is what dbt makes of the package', async () => {
    const committed = new URL('../../scripts/report/models.sql', import.meta.url);
    const compiled = await compiledModels(store.file);
    if (process.env['WRITE_MODELS']) writeFileSync(committed, compiled);
    expect(readFileSync(committed, 'utf8')).toBe(compiled);
  });

  test('a table that is missing leaves the rest standing, and is named', async () => {
    for (const table of MODEL_STREAMS.filter((name) => name !== 'applications'))
      await store.rows(`drop table ${table}`);
    const { code, said } = await dbt(['build'], { ASHBY_DUCKDB: store.file });
    expect([code, code === 0 ? '' : said]).toEqual([0, '']);
    expect(said).toMatch(/there is no table .*offers/);
    const [count] = await store.rows('select count(*) as n from ashby__applications');
    expect(Number(count?.['n'])).toBe(twin['ashby__applications']?.size);
    expect(await store.rows('select * from ashby__offers')).toEqual([]);
  });
});

describe('on Postgres', () => {
  let postgres: Postgres;
  let url: string;
  beforeAll(async () => {
    postgres = await Postgres.start();
    url = await postgres.database();
    await loadPostgres(url, messages, MODEL_STREAMS);
    const { port, pathname } = new URL(url);
    const env = { ASHBY_POSTGRES_PORT: port, ASHBY_POSTGRES_DATABASE: pathname.slice(1), PGTZ: 'Asia/Tokyo' };
    const { code, said } = await dbt(['build', '--target', 'postgres'], env);
    expect([code, code === 0 ? '' : said]).toEqual([0, '']);
  });
  afterAll(() => postgres.stop());

  test.each(Object.keys(KEYS))('%s says what its twin says', async (mart) => {
    const rows = await postgres.sql(new URL(url).pathname.slice(1), `select to_jsonb(m) as row from ${mart} as m`);
    expect(
      differences(
        mart,
        rows.map(({ row }) => row as Row),
        twin[mart] ?? new Map(),
      ),
    ).toEqual([]);
  });

  test('the questions of the page are answered as on any database', async () => {
    const { applications } = await withDatabase(url, figuresOf);
    const hires = (applications ?? []).reduce((sum, row) => sum + Number(row['hires']), 0);
    const hired = [...(twin['ashby__applications']?.values() ?? [])].filter(({ status }) => status === 'Hired');
    expect(hires).toBe(hired.length);
  });
});
