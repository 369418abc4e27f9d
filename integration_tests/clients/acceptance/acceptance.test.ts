/*
 * What Airbyte's connector acceptance tests ask of a source. The suite itself is retired and in no package registry;
 * each test here carries the name of the one that it stands for.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { truthWithColumns } from '../../support/custom-columns.ts';
import { complaints } from '../../support/schema.ts';
import { brokenRules } from '../../support/transcript.ts';
import { ALL_STREAMS, compare, keyOf, SAME } from '../../support/truth.ts';
import { brokenInCatalog, brokenInSpec, type CatalogStream } from './compatibility.ts';
import { configured, Connector, streamsOf, type Ended } from './connector.ts';

type Schema = Record<string, any>;

const root = new URL('../../../', import.meta.url).pathname;
const text = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const json = (path: string): Schema => JSON.parse(text(path)) as Schema;
const snapshots = new URL('../snapshots/', import.meta.url).pathname;

let connector: Connector;
let spec: Schema;
let form: Schema;
let discovered: Ended;
let streams: CatalogStream[];
let whole: Ended;

beforeAll(async () => {
  connector = await Connector.start();
  const { out } = await connector.run('spec');
  spec = out.messages.find((message) => message.spec)?.spec ?? {};
  form = spec['connectionSpecification'] as Schema;
  discovered = await connector.discover();
  streams = streamsOf(discovered);
  whole = await connector.read({ catalog: configured(streams, 'full_refresh') });
}, 240_000);

afterAll(() => connector.stop());

/** Every part of a schema, with the path to it. */
function* parts(schema: Schema, path = ''): Generator<[string, Schema]> {
  yield [path, schema];
  for (const [name, part] of Object.entries((schema['properties'] ?? {}) as Schema))
    yield* parts(part as Schema, `${path}/${name}`);
  if (schema['items'] && typeof schema['items'] === 'object') yield* parts(schema['items'] as Schema, `${path}/[]`);
  for (const [n, part] of ((schema['oneOf'] ?? []) as Schema[]).entries()) yield* parts(part, `${path}/oneOf ${n}`);
}
const fields = (): [string, Schema][] => [...parts(form)].slice(1);
const typesOf = ({ type }: Schema): string[] => (Array.isArray(type) ? (type as string[]) : [String(type)]);

describe('TestSpec', () => {
  test('test_match_expected: spec prints spec/spec.json', async () => {
    const { out, code, stderr } = await connector.run('spec');
    expect({ code, stderr, types: out.messages.map(({ type }) => type) }).toEqual({
      code: 0,
      stderr: '',
      types: ['SPEC'],
    });
    expect(spec).toEqual(json('spec/spec.json'));
  });

  test('test_config_match_spec: the configurations at hand are of the form', () => {
    const validate = new Ajv({ strict: false }).compile(form);
    for (const config of [
      connector.config,
      json('integration_tests/sample_config.json'),
      json('integration_tests/invalid_config.json'),
    ]) {
      expect({ valid: validate(config), errors: validate.errors }).toEqual({ valid: true, errors: null });
    }
  });

  test('test_enum_usage: no value is in an enum twice', () => {
    for (const [path, part] of fields()) {
      const values = (part['enum'] ?? []) as unknown[];
      expect([path, new Set(values).size]).toEqual([path, values.length]);
    }
  });

  test('test_oneof_usage: a choice is an object of objects with one constant in common', () => {
    for (const [path, part] of fields().filter(([, { oneOf }]) => oneOf)) {
      const branches = part['oneOf'] as Schema[];
      expect([path, part['type']]).toEqual([path, 'object']);
      const constants = branches.map(({ properties }) =>
        Object.entries((properties ?? {}) as Schema).flatMap(([name, property]) =>
          (property as Schema)['const'] === undefined ? [] : [name],
        ),
      );
      const common = (constants[0] ?? []).filter((name) => constants.every((names) => names.includes(name)));
      expect([path, common.length]).toEqual([path, 1]);
    }
  });

  test('test_required, test_optional: each field says whether it must be filled in, and the required ones exist', () => {
    for (const name of form['required'] as string[]) expect(form['properties']).toHaveProperty(name);
  });

  test('test_secret_is_properly_marked: names that hold secrets are marked', () => {
    const secret =
      /^(client_token|access_token|api_token|api_key|token|secret|client_secret|password|key|service_account_info|service_account|tenant_id|certificate|jwt|credentials|app_id|appid|refresh_token)$/;
    for (const [path, part] of fields())
      if (secret.test(path.split('/').at(-1) ?? '')) expect([path, part['airbyte_secret']]).toEqual([path, true]);
  });

  test('test_property_type_is_not_array: a field of the form has one type', () => {
    for (const [path, part] of fields())
      expect([path, typesOf(part).filter((type) => type !== 'null').length]).toEqual([path, 1]);
  });

  test('test_object_not_empty, test_array_type: objects have fields, arrays typed items', () => {
    for (const [path, part] of fields()) {
      if (part['type'] === 'object')
        expect([path, Object.keys((part['properties'] ?? part['oneOf'] ?? {}) as Schema).length > 0]).toEqual([
          path,
          true,
        ]);
      if (part['type'] === 'array') expect([path, typeof (part['items'] as Schema)['type']]).toEqual([path, 'string']);
    }
  });

  test('test_forbidden_complex_types: none of the keywords that the form in the UI cannot show', () => {
    const forbidden = [
      'not',
      'anyOf',
      'patternProperties',
      'prefixItems',
      'allOf',
      'if',
      'then',
      'else',
      'dependentSchemas',
      'dependentRequired',
    ];
    for (const [path, part] of parts(form))
      expect([path, forbidden.filter((word) => word in part)]).toEqual([path, []]);
  });

  test('test_date_pattern, test_date_format: a field for a date says so with a pattern for both its forms', () => {
    const dates = fields().filter(([path]) => /date|_at$/.test(path));
    expect(dates.map(([path]) => path)).toEqual(['/start_date']);
    for (const [, part] of dates) {
      const pattern = new RegExp(String(part['pattern']));
      expect([pattern.test('2024-01-01'), pattern.test('2024-01-01T00:00:00Z'), pattern.test('yesterday')]).toEqual([
        true,
        true,
        false,
      ]);
      expect(part['pattern_descriptor']).toBeDefined();
    }
  });

  test('test_duplicate_order: no two fields of an object claim one place', () => {
    const named = fields().filter(([path]) => !path.endsWith('/[]'));
    const places = named.map(([path, { order }]) => `${path.split('/').slice(0, -1).join('/')}: ${String(order)}`);
    expect(places.filter((place) => place.endsWith('undefined'))).toEqual([]);
    expect(new Set(places).size).toBe(places.length);
  });

  test('test_nested_group, test_display_type: groups at the top only, display types on choices only', () => {
    for (const [path, part] of fields()) {
      if ('group' in part) expect(path.split('/').length).toBe(2);
      if ('display_type' in part)
        expect([['dropdown', 'radio'].includes(String(part['display_type'])), 'oneOf' in part]).toEqual([true, true]);
    }
  });

  test('test_defined_refs_exist_in_json_spec_file: there are none', () => {
    expect(JSON.stringify(spec)).not.toContain('"$ref"');
  });

  test('test_oauth_flow_parameters, test_oauth_is_default_method: Ashby knows keys only', () => {
    expect([spec['advanced_auth'], spec['authSpecification']]).toEqual([undefined, undefined]);
  });

  test('test_additional_properties_is_true: unknown fields of a form are let pass', () => {
    for (const [path, part] of parts(form))
      if ('additionalProperties' in part) expect([path, part['additionalProperties']]).toEqual([path, true]);
  });

  describe.each(readdirSync(snapshots))('test_backward_compatibility with %s', (version) => {
    const before = (): Schema =>
      (JSON.parse(readFileSync(`${snapshots}${version}/spec.json`, 'utf8')) as Schema)[
        'connectionSpecification'
      ] as Schema;

    test('nothing in the form has become narrower', () => {
      expect(brokenInSpec(before(), form)).toEqual([]);
    });

    test('configurations that were valid then are valid now', () => {
      const [then, now] = [before(), form].map((schema) => new Ajv({ strict: false }).compile(schema));
      let tried = 0;
      const day = fc
        .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString());
      const config = fc.record(
        {
          api_key: fc.string(),
          start_date: fc.oneof(
            day,
            day.map((moment) => moment.slice(0, 10)),
            fc.string(),
          ),
          requests_per_minute: fc.oneof(fc.integer(), fc.double()),
        },
        { requiredKeys: [] },
      );
      fc.assert(
        fc.property(config, fc.dictionary(fc.string(), fc.jsonValue()), (known, others) => {
          const candidate = { ...others, ...known };
          if (!then?.(candidate)) return;
          tried += 1;
          expect(now?.(candidate)).toBe(true);
        }),
        { numRuns: 500, seed: 1 },
      );
      expect(tried).toBeGreaterThan(50);
    });
  });

  test('test_image_labels, test_image_environment_variables: the Dockerfile says what metadata.yaml says', () => {
    const dockerfile = text('Dockerfile');
    const { data } = parse(text('metadata.yaml')) as { data: { dockerImageTag: string; dockerRepository: string } };
    expect(/io\.airbyte\.version="?([^\s"]+)/.exec(dockerfile)?.[1]).toBe(data.dockerImageTag);
    expect(/io\.airbyte\.name="?([^\s"]+)/.exec(dockerfile)?.[1]).toBe(data.dockerRepository);
    const entrypoint = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
    expect(/AIRBYTE_ENTRYPOINT="?([^\n"]+)/.exec(dockerfile)?.[1]).toBe(entrypoint.join(' '));
  });
});

describe('TestConnection', () => {
  function expectCheck({ code, stderr, out }: Ended, status: 'SUCCEEDED' | 'FAILED'): void {
    const statuses = out.connectionStatuses().map((message) => message.status);
    expect({ code, stderr, statuses, errors: out.errors() }).toEqual({
      code: 0,
      stderr: '',
      statuses: [status],
      errors: [],
    });
  }

  test('test_check, succeed', async () => {
    const ended = await connector.check();
    expectCheck(ended, 'SUCCEEDED');
  });

  test.each([
    ['a key that Ashby does not know', { api_key: 'a-key-that-no-Ashby-account-has-0000' }],
    ['a configuration of another form', { key: 1 }],
  ])('test_check, failed: %s', async (_what, config) => {
    const ended = await connector.check(config);
    expectCheck(ended, 'FAILED');
    expect(ended.out.connectionStatuses()[0]?.message).toMatch(/\w/);
  });

  test('test_check, exception: an outage is one TRACE ERROR and no status', async () => {
    // A wait of two hours is longer than the connector obeys, so the outage ends the check at once.
    connector.sim.fault({ kind: 'status', status: 503, headers: { 'Retry-After': '7200' }, times: Infinity });
    const { code, out } = await connector.check();
    connector.sim.clearFaults();
    expect({ code, statuses: out.connectionStatuses(), errors: out.errors().length }).toEqual({
      code: 1,
      statuses: [],
      errors: 1,
    });
  });
});

describe('TestDiscovery', () => {
  test('test_discover: one catalog with all tables, each schema valid as draft-07', () => {
    expect({ code: discovered.code, stderr: discovered.stderr, catalogs: discovered.out.catalogs().length }).toEqual({
      code: 0,
      stderr: '',
      catalogs: 1,
    });
    expect(streams.map(({ name }) => name).sort()).toEqual([...ALL_STREAMS, 'live_keys'].sort());
    const ajv = new Ajv({ strict: false });
    for (const { name, json_schema } of streams) expect([name, ajv.validateSchema(json_schema)]).toEqual([name, true]);
  });

  test('test_duplicated_stream_names', () => {
    expect(new Set(streams.map(({ name }) => name)).size).toBe(streams.length);
  });

  test('test_defined_cursors_exist_in_schema', () => {
    for (const { name, json_schema, default_cursor_field, supported_sync_modes } of streams) {
      const cursor = default_cursor_field?.[0];
      if (supported_sync_modes.includes('incremental')) expect([name, typeof cursor]).toEqual([name, 'string']);
      if (cursor !== undefined)
        expect([name, Object.keys(json_schema['properties'] as Schema)]).toEqual([
          name,
          expect.arrayContaining([cursor]),
        ]);
    }
  });

  test('test_defined_refs_exist_in_schema, test_defined_keyword_exist_in_schema: no $ref, allOf or not', () => {
    for (const { name, json_schema } of streams) {
      for (const [path, part] of parts(json_schema))
        expect([name, path, ['$ref', 'allOf', 'not'].filter((word) => word in part)]).toEqual([name, path, []]);
    }
  });

  test('test_primary_keys_exist_in_schema, test_primary_keys_data_type: one key column, never null, no object or array', () => {
    for (const { name, json_schema, source_defined_primary_key } of streams) {
      expect([name, source_defined_primary_key]).toEqual([name, [[keyOf(name)]]]);
      expect([name, (json_schema['properties'] as Schema)[keyOf(name)]]).toEqual([
        name,
        expect.objectContaining({ type: 'string' }),
      ]);
    }
  });

  test('test_streams_has_sync_modes', () => {
    for (const { name, supported_sync_modes } of streams) {
      expect([
        name,
        supported_sync_modes.length > 0,
        supported_sync_modes.filter((mode) => !['full_refresh', 'incremental'].includes(mode)),
      ]).toEqual([name, true, []]);
    }
  });

  test('test_additional_properties_is_true', () => {
    for (const { name, json_schema } of streams) {
      for (const [path, part] of parts(json_schema))
        if ('additionalProperties' in part)
          expect([name, path, part['additionalProperties']]).toEqual([name, path, true]);
    }
  });

  test.each(readdirSync(snapshots))('test_backward_compatibility with %s', (version) => {
    const before = (
      JSON.parse(readFileSync(`${snapshots}${version}/catalog.json`, 'utf8')) as { streams: CatalogStream[] }
    ).streams;
    expect(before.length).toBeGreaterThan(0);
    // What was a text without a format and has become a moment or a day, as the changelog tells.
    const told = /^(offers|offer_details)\.decidedAt has|^referrals\.updatedAt has|\.target(Hire|Start)Date has/;
    const broken = brokenInCatalog(before, streams);
    expect(broken.filter((what) => version !== '0.1.0' || !told.test(what))).toEqual([]);
  });

  test('every release has its snapshot', () => {
    expect(readdirSync(snapshots)).toContain(json('package.json')['version']);
  });
});

describe('TestBasicRead', () => {
  test('test_read: exit 0, nothing on standard error, no error, every line by the rules', () => {
    expect({ code: whole.code, stderr: whole.stderr, errors: whole.out.errors() }).toEqual({
      code: 0,
      stderr: '',
      errors: [],
    });
    expect(brokenRules(whole.out)).toEqual([]);
  });

  test.each(ALL_STREAMS)('test_read, %s: has records, and they conform to the schema, no column undeclared', (name) => {
    const rows = whole.out.stamped(name);
    expect(rows.length).toBeGreaterThan(0);
    const schema = streams.find((stream) => stream.name === name)?.json_schema;
    expect(complaints(name, rows, schema)).toEqual([]);
    expect(compare(name, whole.out.rows(name), truthWithColumns(connector.sim, name))).toEqual(SAME);
  });

  test.each(ALL_STREAMS)('test_primary_keys_data_type, %s: the key of each record is a text, and its own', (name) => {
    const keys = whole.out.rows(name).map((row) => row[keyOf(name)]);
    expect(keys.filter((key) => typeof key !== 'string' || key === '')).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each(ALL_STREAMS)('stream statuses and states, %s', (name) => {
    expect(whole.out.statuses(name)).toEqual(['STARTED', 'RUNNING', 'COMPLETE']);
    const states = whole.out.statesOf(name);
    expect(states.length).toBeGreaterThan(0);
    expect(states.reduce((sum, { sourceStats }) => sum + (sourceStats?.recordCount ?? NaN), 0)).toBe(
      whole.out.rows(name).length,
    );
  });

  test('test_airbyte_trace_message_on_failure: a stream that does not exist is a TRACE ERROR', async () => {
    const stream = {
      name: '__AIRBYTE__stream_that_does_not_exist',
      json_schema: { type: 'object', properties: { f1: { type: 'string' } } },
      supported_sync_modes: ['full_refresh'],
    };
    const { code, out } = await connector.read({
      catalog: { streams: [{ stream, sync_mode: 'INVALID', destination_sync_mode: 'INVALID' }] },
    });
    expect(code).toBe(1);
    expect(out.errors().length).toBeGreaterThan(0);
  });
});

describe('TestFullRefresh', () => {
  test('test_sequential_reads: a second read gives the same rows, emitted later', async () => {
    const again = await connector.read({ catalog: configured(streams, 'full_refresh') });
    expect(again.code).toBe(0);
    for (const name of ALL_STREAMS)
      expect([name, compare(name, again.out.rows(name), whole.out.rows(name))]).toEqual([name, SAME]);
    const emitted = (run: Ended): number[] =>
      run.out.messages.flatMap(({ record }) => (record ? [record.emitted_at] : []));
    expect(Math.min(...emitted(again))).toBeGreaterThanOrEqual(Math.max(...emitted(whole)));
  });
});

describe('TestIncremental', () => {
  const incremental = (): CatalogStream[] =>
    streams.filter(({ supported_sync_modes }) => supported_sync_modes.includes('incremental'));

  test('test_two_sequential_reads: the second gives what changed, and nothing that is older', async () => {
    const first = await connector.read({ catalog: configured(incremental(), 'incremental') });
    expect(brokenRules(first.out)).toEqual([]);
    const quiet = await connector.read({
      catalog: configured(incremental(), 'incremental'),
      state: first.out.states(),
    });
    expect({ code: quiet.code, rows: quiet.out.recordCounts() }).toEqual({ code: 0, rows: {} });
    const changed = connector.sim.change('candidate.list', { count: 2 });
    const second = await connector.read({
      catalog: configured(incremental(), 'incremental'),
      state: quiet.out.states(first.out.states()),
    });
    expect(
      second.out
        .rows('candidates')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...changed].sort());
    const newest =
      first.out
        .stamped('candidates')
        .map((row) => String(row['_ab_cdc_updated_at']))
        .sort()
        .at(-1) ?? '';
    for (const row of second.out.stamped('candidates')) expect(String(row['_ab_cdc_updated_at']) > newest).toBe(true);
  });

  test('test_read_sequential_slices: a read goes on from each of its states', async () => {
    // Long enough that there are states on the way, and not at the end alone.
    const large = await Connector.start({ 'candidate.list': 3_500 });
    const catalog = configured(
      incremental().filter(({ name }) => name === 'candidates'),
      'incremental',
    );
    const first = await large.read({ catalog });
    const places = first.out.messages.flatMap(({ state }, index) => (state ? [index + 1] : []));
    expect(places.length).toBeGreaterThanOrEqual(3);
    for (const place of places) {
      const before = first.out.first(place);
      const after = await large.read({ catalog, state: before.states() });
      // At least once: rows after the last state may come again, none is missing.
      const together = new Map(
        [...before.rows('candidates'), ...after.out.rows('candidates')].map((row) => [row['id'], row]),
      );
      expect([place, compare('candidates', together.values(), truthWithColumns(large.sim, 'candidates'))]).toEqual([
        place,
        SAME,
      ]);
      expect(after.out.rows('candidates').length).toBeLessThan(first.out.rows('candidates').length);
    }
    await large.stop();
  });

  test('test_state_with_abnormally_large_values: a state from the future is no reason to lose rows or to fail', async () => {
    // Ashby's tokens have no order, so nothing can lie after a state; one that is not ours is left aside with a warning.
    const state = json('integration_tests/abnormal_state.json') as unknown as never[];
    const { code, out } = await connector.read({ catalog: configured(incremental(), 'incremental'), state });
    expect(code).toBe(0);
    for (const { name } of incremental()) {
      expect([
        name,
        compare(name, out.rows(name), truthWithColumns(connector.sim, name)),
        out.statesOf(name).length > 0,
      ]).toEqual([name, SAME, true]);
    }
    expect(out.logs('WARN').join('\n')).toMatch(/state/);
  });
});

describe('TestConnectorAttributes', () => {
  const { data } = parse(text('metadata.yaml')) as {
    data: { allowedHosts: { hosts: string[] }; suggestedStreams: { streams: string[] } };
  };

  test('test_streams_define_primary_key', () => {
    expect(streams.filter(({ source_defined_primary_key }) => !source_defined_primary_key?.length)).toEqual([]);
  });

  test('test_certified_connector_has_allowed_hosts, test_certified_connector_has_suggested_streams', () => {
    expect(data.allowedHosts.hosts.length).toBeGreaterThan(0);
    expect(data.suggestedStreams.streams.filter((name) => !ALL_STREAMS.includes(name))).toEqual([]);
  });
});
