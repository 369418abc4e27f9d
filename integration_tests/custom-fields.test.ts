/**
 * Custom fields as columns, from discover to read: whole runs against the simulator. What must come out is worked out
 * here from Ashby's rows and definitions once more, without the connector's code.
 */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { Bench } from './support/bench.ts';
import { customColumns, fieldsOf, PLACES, valuesOf } from './support/custom-columns.ts';
import type { Row, Transcript } from './support/transcript.ts';
import { truthOf } from './support/truth.ts';

type Schema = Record<string, unknown>;
type Column = { name: string; schema: Schema };

const TABLES = Object.keys(PLACES);

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start({ scale: 200 });
});
afterAll(() => bench.stop());
beforeEach(() => bench.sim.clearFaults());

async function discover(config: object = bench.config): Promise<{ out: Transcript; schemas: Record<string, Schema> }> {
  const { ending, out } = await bench.commandHere(['discover', '--config', await bench.file(config)]);
  expect(ending).toEqual({ exitCode: 0 });
  const streams = out.catalogs()[0]?.streams ?? [];
  return { out, schemas: Object.fromEntries(streams.map((stream) => [stream.name, stream['json_schema'] as Schema])) };
}

function columnsIn(schema: Schema | undefined): Column[] {
  const properties = (schema?.['properties'] ?? {}) as Record<string, Schema>;
  return Object.entries(properties).flatMap(([name, part]) => (name.startsWith('cf_') ? [{ name, schema: part }] : []));
}

function catalog(schemas: Record<string, Schema>, names: readonly string[] = TABLES): object {
  return {
    streams: names.map((name) => ({
      stream: { name, json_schema: schemas[name], supported_sync_modes: ['full_refresh', 'incremental'] },
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
    })),
  };
}

async function readWith(schemas: Record<string, Schema>, names = TABLES, config: Record<string, unknown> = {}) {
  const { outcome, out } = await bench.readHere({ streams: names, catalog: catalog(schemas, names), config });
  expect(outcome).toBe('complete');
  return out;
}

const definitionsNow = (name: string): Row[] => fieldsOf(bench.sim, name);

describe('discover', () => {
  test.each(TABLES)('offers on %s a column for each of its fields, archived ones included', async (name) => {
    const { schemas } = await discover();
    const own = definitionsNow(name);
    expect(own.length).toBeGreaterThan(10);
    expect(own.some(({ isArchived }) => isArchived)).toBe(true);
    const columns = columnsIn(schemas[name]);
    const ids = new Set(columns.map(({ schema }) => schema['x-ashby-field']));
    expect([...ids].sort()).toEqual(own.map(({ id }) => id).sort());
    for (const { id, title } of own) {
      const described = columns.filter(({ schema }) => schema['x-ashby-field'] === id);
      for (const { schema } of described)
        expect(schema['description']).toEqual(expect.stringMatching(new RegExp(`"${String(title)}".*${String(id)}`)));
    }
  });

  test('no other table has one, and the names are those of no other column', async () => {
    const { schemas } = await discover();
    for (const [name, schema] of Object.entries(schemas)) {
      if (!TABLES.includes(name)) expect(columnsIn(schema)).toEqual([]);
      const names = Object.keys(schema['properties'] as Schema).map((column) => column.toLowerCase());
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test('asks for the definitions with one list, once', async () => {
    const before = bench.sim.requests().length;
    await discover();
    const asked = bench.sim
      .requests()
      .slice(before)
      .filter(({ endpoint }) => endpoint === 'customField.list');
    expect(asked.map(({ body }) => body)).toEqual([{ includeArchived: true, limit: 100 }]);
  });

  test('custom_field_columns off: no column, and no question', async () => {
    const before = bench.sim.requests().length;
    const { schemas } = await discover({ ...bench.config, custom_field_columns: false });
    for (const schema of Object.values(schemas)) expect(columnsIn(schema)).toEqual([]);
    expect(
      bench.sim
        .requests()
        .slice(before)
        .map(({ endpoint }) => endpoint),
    ).not.toContain('customField.list');
  });

  test('a key that may not read definitions gets its tables without columns, and one sentence', async () => {
    const key = bench.sim.addKey({ permissions: ['candidatesRead', 'jobsRead', 'apiKeysRead'] });
    const { out, schemas } = await discover({ ...bench.config, api_key: key });
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['candidates', 'applications', 'jobs', 'openings']));
    for (const schema of Object.values(schemas)) expect(columnsIn(schema)).toEqual([]);
    const said = out.logs().filter((line) => line.includes('custom fields get no columns'));
    expect(said).toEqual([
      expect.stringMatching(/^The API key lacks "Hiring Process Metadata: Read".*API Keys if you/),
    ]);
  });

  test('the same where Ashby refuses that list alone', async () => {
    bench.sim.fault({
      kind: 'error',
      code: 'missing_endpoint_permission',
      endpoint: 'customField.list',
      times: Infinity,
    });
    const { out, schemas } = await discover();
    expect(columnsIn(schemas['candidates'])).toEqual([]);
    expect(out.logs().filter((line) => line.includes('custom fields get no columns'))).toHaveLength(1);
  });

  test('an outage at the definitions fails it: a catalog without the columns would drop them', async () => {
    bench.sim.fault({
      kind: 'status',
      status: 503,
      body: 'maintenance',
      endpoint: 'customField.list',
      times: Infinity,
    });
    const { ending, out } = await bench.commandHere(['discover', '--config', await bench.file(bench.config)]);
    expect(ending).toEqual({ exitCode: 1 });
    expect(out.catalogs()).toEqual([]);
    expect(out.errors()).toEqual([expect.objectContaining({ failure_type: 'transient_error' })]);
  });
});

describe('read with the schemas of discover', () => {
  test.each(TABLES)(
    '%s: every column holds what its field has, in its type, null where nothing is set',
    async (name) => {
      const { schemas } = await discover();
      const out = await readWith(schemas, [name]);
      const definitions = definitionsNow(name);
      const columns = columnsIn(schemas[name]);
      const validate = new Ajv({ strict: false, formats: { date: DATE, 'date-time': TIMESTAMP } }).compile({
        properties: Object.fromEntries(columns.map((column) => [column.name, column.schema])),
      });
      const rows = new Map(out.rows(name).map((row) => [row['id'], row]));
      const truth = [...truthOf(bench.sim, name)];
      expect(rows.size).toBe(truth.length);
      const filled = new Set<string>();
      for (const row of truth) {
        const read = rows.get(row['id']);
        if (!read) throw new Error('a row is missing');
        const own = Object.fromEntries(Object.entries(read).filter(([column]) => column.startsWith('cf_')));
        expect(Object.keys(own)).toEqual(columns.map((column) => column.name));
        expect(own).toEqual(customColumns(name, row, definitions));
        expect(valuesOf(name, read)).toEqual(valuesOf(name, row));
        expect(validate(read) ? [] : validate.errors).toEqual([]);
        for (const [column, value] of Object.entries(own)) if (value !== null) filled.add(column);
      }
      expect(filled.size).toBeGreaterThan(columns.length / 2);
      expect(out.logs().join('\n')).not.toMatch(/declared|cf_/);
      expect(out.lines.filter((line) => line.includes('"field":"cf_'))).toEqual([]);
    },
  );

  test('asks Ashby for nothing more', async () => {
    const { schemas } = await discover();
    const asked = async (names: Record<string, Schema>): Promise<number> => {
      const before = bench.sim.requests().length;
      await readWith(names);
      return bench.sim.requests().length - before;
    };
    const plain = Object.fromEntries(TABLES.map((name) => [name, { type: 'object', properties: {} }]));
    expect(await asked(schemas)).toBe(await asked(plain));
  });

  test('a schema without the columns gets none, one with a part of them that part', async () => {
    const { schemas } = await discover();
    const [first] = columnsIn(schemas['jobs']);
    if (!first) throw new Error('no columns');
    const out = await readWith({ jobs: { properties: { [first.name]: first.schema } } }, ['jobs']);
    for (const row of out.rows('jobs'))
      expect(Object.keys(row).filter((name) => name.startsWith('cf_'))).toEqual([first.name]);
  });

  test('switched off, nothing is filled though the schema names it, and the log says so', async () => {
    const { schemas } = await discover();
    const out = await readWith(schemas, ['jobs'], { custom_field_columns: false });
    expect(
      out
        .rows('jobs')
        .flatMap((row) => Object.keys(row))
        .filter((name) => name.startsWith('cf_')),
    ).toEqual([]);
    expect(out.logs().filter((line) => line.startsWith('jobs: custom_field_columns is switched off'))).toHaveLength(1);
  });
});

describe('what changes in Ashby', () => {
  test('a new title breaks no running connection: its column is found by the id', async () => {
    const { schemas } = await discover();
    const before = await readWith(schemas, ['candidates']);
    bench.sim.change('customField.list', { ids: definitionsNow('candidates').map(({ id }) => String(id)) });
    const after = await readWith(schemas, ['candidates']);
    expect(after.rows('candidates')).toEqual(before.rows('candidates'));
    const renamed = (await discover()).schemas['candidates'];
    const ids = (columns: Column[]) => columns.map(({ schema }) => schema['x-ashby-field']).sort();
    expect(ids(columnsIn(renamed))).toEqual(ids(columnsIn(schemas['candidates'])));
    const names = columnsIn(schemas['candidates']).map(({ name }) => name);
    expect(columnsIn(renamed).filter(({ name }) => names.includes(name))).toEqual([]);
  });

  test('a definition that is deleted: the column goes on with what rows hold, and a new discover has none', async () => {
    const { schemas } = await discover();
    const [field] = definitionsNow('jobs');
    const before = await readWith(schemas, ['jobs']);
    bench.sim.remove('customField.list', [String(field?.['id'])]);
    expect((await readWith(schemas, ['jobs'])).rows('jobs')).toEqual(before.rows('jobs'));
    const left = columnsIn((await discover()).schemas['jobs']).map(({ schema }) => schema['x-ashby-field']);
    expect(left).not.toContain(field?.['id']);
  });

  test('a second run, from the state of the first, fills the columns of what has changed', async () => {
    const { schemas } = await discover();
    const first = await readWith(schemas, ['applications']);
    const [id] = bench.sim.change('application.list', { count: 1 });
    const { out } = await bench.readHere({
      streams: ['applications'],
      catalog: catalog(schemas, ['applications']),
      state: first.states(),
    });
    const [row, ...others] = out.rows('applications');
    expect(others).toEqual([]);
    expect(row?.['id']).toBe(id);
    const [truth] = [...truthOf(bench.sim, 'applications')].filter((one) => one['id'] === id);
    expect(valuesOf('applications', truth ?? {})).toHaveLength(1); // the simulator counts changes in a number field
    expect(row).toMatchObject(customColumns('applications', truth ?? {}, definitionsNow('applications')));
  });
});

describe('rows as no simulator makes them', () => {
  const column = (part: string, type: Schema): Schema => ({ ...type, 'x-ashby-field': part, 'x-ashby-part': part });
  const schemas = {
    candidates: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        cf_amount: column('amount', { type: ['null', 'number'] }),
        cf_flag: { type: ['null', 'boolean'], 'x-ashby-field': 'flag', 'x-ashby-part': 'value' },
        cf_lost: { type: ['null', 'string'] },
        cf_n: { type: ['null', 'number'], description: 'Custom field "N": number. Ashby field n (value).' },
      },
    },
  };

  /** Reads these rows, in the text in which Ashby might send them. */
  async function readRows(...rows: string[]): Promise<{ printed: string[]; out: Transcript }> {
    const body = `{"success":true,"results":[${rows.join(',')}],"moreDataAvailable":false,"syncToken":"t"}`;
    bench.sim.fault({ kind: 'replace', endpoint: 'candidate.list', body });
    const out = await readWith(schemas, ['candidates']);
    return { printed: out.lines.filter((line) => line.startsWith('{"type":"RECORD"')), out };
  }

  test('numbers keep every digit, in the list and in the column', async () => {
    const values =
      '[{"id":"n","value":12345678901234567890.10},{"id":"amount","value":{"value":0.30,"currencyCode":"EUR"}}]';
    const { printed } = await readRows(`{"id":"c","customFields":${values}}`);
    expect(printed).toHaveLength(1);
    expect(printed[0]).toContain(`"customFields":${values},`);
    expect(printed[0]).toContain('"cf_amount":0.30,"cf_flag":null,"cf_n":12345678901234567890.10,"_ab_cdc');
  });

  test('a value of another type is null, told in meta.changes, and stays in customFields', async () => {
    const values = '[{"id":"n","value":"many"},{"id":"flag","value":"yes"},{"id":"amount","value":7}]';
    const { printed, out } = await readRows(`{"id":"c","customFields":${values}}`, '{"id":"d"}');
    const [odd, plain] = printed.map((line) => (JSON.parse(line) as { record: Row }).record);
    expect(odd?.['data']).toMatchObject({
      cf_n: null,
      cf_flag: null,
      cf_amount: null,
      customFields: JSON.parse(values),
    });
    const change = { change: 'NULLED', reason: 'SOURCE_SERIALIZATION_ERROR' };
    expect(odd?.['meta']).toEqual({
      changes: ['cf_n', 'cf_flag', 'cf_amount'].map((field) => ({ field, ...change })),
    });
    expect(plain?.['meta']).toBeUndefined();
    expect(out.logs().join('\n')).not.toMatch(/declared|cf_n|cf_flag/);
  });

  test('a column that does not say whose it is stays out, and the log names it', async () => {
    const { printed, out } = await readRows('{"id":"c"}');
    expect(printed[0]).not.toContain('cf_lost');
    expect(out.logs('INFO')).toContainEqual(
      expect.stringMatching(/^candidates: the configured schema does not say which custom field cf_lost is for/),
    );
  });
});

test('of more than 300 columns a table gets 300, and a warning says so', async () => {
  const large = await Bench.start({ scale: 20, tables: { customField: 7 * 320 } });
  try {
    const { out } = await large.commandHere(['discover', '--config', await large.file(large.config)]);
    const schemas = Object.fromEntries((out.catalogs()[0]?.streams ?? []).map((stream) => [stream.name, stream]));
    for (const name of TABLES) {
      expect([name, columnsIn(schemas[name]?.['json_schema'] as Schema).length]).toEqual([name, 300]);
      const told = out.logs('WARN').filter((line) => line.startsWith(`${name}: `));
      expect(told).toEqual([expect.stringMatching(/\d+ of its custom fields get no columns.*300 at most/)]);
    }
  } finally {
    await large.stop();
  }
});

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

describe('where the values of custom fields are personal data', () => {
  const salt = '0123456789abcdef0123456789abcdef';

  test('dropped, no column is offered, and columns of an older schema are empty', async () => {
    const { schemas: before } = await discover();
    const config = { personal_data: { custom_fields: 'drop' } };
    const { schemas } = await discover({ ...bench.config, ...config });
    for (const name of TABLES) expect([name, columnsIn(schemas[name])]).toEqual([name, []]);
    const out = await readWith(before, ['candidates'], config);
    const cells = out.rows('candidates').flatMap((row) => columnsIn(before['candidates']).map(({ name }) => row[name]));
    expect(cells.length).toBeGreaterThan(100);
    expect(cells.filter((cell) => cell !== null && cell !== undefined)).toEqual([]);
  });

  test('hashed, a column is a text and holds the hash that stands in customFields', async () => {
    const config = { personal_data: { custom_fields: 'hash' }, personal_data_salt: salt };
    const { schemas } = await discover({ ...bench.config, ...config });
    const columns = columnsIn(schemas['candidates']);
    for (const { schema } of columns) expect(JSON.stringify(schema['type'])).not.toMatch(/number|boolean/);
    const out = await readWith(schemas, ['candidates'], config);
    const texts = columns.filter(({ schema }) => String(schema['description']).includes('(String)'));
    const cells = out.rows('candidates').flatMap((row) =>
      texts.flatMap(({ name, schema }) => {
        const field = ((row['customFields'] ?? []) as Row[]).find(({ id }) => id === schema['x-ashby-field']);
        return field ? [[row[name], field['value']]] : [];
      }),
    );
    expect(cells.length).toBeGreaterThan(5);
    for (const [column, value] of cells) {
      expect(column).toBe(value);
      expect(value).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
