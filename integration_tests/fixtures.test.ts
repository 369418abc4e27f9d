import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { streams } from '../src/tables/table.ts';
import { committedCatalog, configuredCatalog } from './configured-catalog.ts';
import { startSimulator, type Simulator } from './simulator/index.ts';
import { catalogOf } from './support/catalog.ts';
import { runConnector } from './support/process.ts';

const root = new URL('..', import.meta.url).pathname;
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

test('configured_catalog.json is what the table of streams says; running configured-catalog.ts brings it up to date', () => {
  expect(committedCatalog()).toBe(configuredCatalog());
});

describe('the configurations', () => {
  const { connectionSpecification } = JSON.parse(text('spec/spec.json')) as { connectionSpecification: object };

  test.each(['sample_config.json', 'invalid_config.json'])('%s has the form that the spec asks for', (file) => {
    const validate = new Ajv({ strict: false }).compile(connectionSpecification);
    validate(JSON.parse(text(`integration_tests/${file}`)));
    expect(validate.errors).toBeNull();
  });
});

describe('metadata.yaml', () => {
  const { data } = parse(text('metadata.yaml')) as {
    data: Record<string, unknown> & { suggestedStreams: { streams: string[] } };
  };
  const { version } = JSON.parse(text('package.json')) as { version: string };
  const dockerfile = text('Dockerfile');

  test('has the version of package.json, and so has the image', () => {
    expect(data['dockerImageTag']).toBe(version);
    expect(/io\.airbyte\.version=(\S+)/.exec(dockerfile)?.[1]).toBe(version);
    expect(/io\.airbyte\.name=(\S+)/.exec(dockerfile)?.[1]).toBe(data['dockerRepository']);
  });

  test('suggests tables that exist', () => {
    const names = streams.map((stream) => stream.name);
    expect(data.suggestedStreams.streams.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('opens the one host that the connector asks, and names a square icon', () => {
    expect(data['allowedHosts']).toEqual({ hosts: ['api.ashbyhq.com'] });
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(text(String(data['icon']))) ?? [];
    expect(width).toBe(height);
    expect(width).toBeDefined();
  });

  test('does not offer the socket channel, which the connector does not speak', () => {
    expect(data).not.toHaveProperty('connectorIPCOptions');
  });
});

describe('against the simulator', () => {
  let simulator: Simulator;
  let folder: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    simulator = await startSimulator({ scale: 120 });
    env = { ASHBY_BASE_URL: simulator.url };
    folder = mkdtempSync(join(tmpdir(), 'source-ashby-'));
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ api_key: simulator.keys.full }));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await simulator.close();
  });

  test('invalid_config.json fails check with a sentence', async () => {
    const { code, stdout } = await runConnector(['check', '--config', `${root}integration_tests/invalid_config.json`], {
      env,
    });
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(code).toBe(0);
    expect(last).toMatchObject({ type: 'CONNECTION_STATUS', connectionStatus: { status: 'FAILED' } });
    expect(last.connectionStatus.message).not.toBe('');
  });

  test('a state that is not of our making costs no row and fails no read', async () => {
    const names = ['candidates', 'applications', 'jobs', 'openings', 'users'];
    const catalog = join(folder, 'catalog.json');
    writeFileSync(catalog, JSON.stringify(catalogOf(names)));
    const state = `${root}integration_tests/abnormal_state.json`;
    const { code, stdout } = await runConnector(
      ['read', '--config', join(folder, 'config.json'), '--catalog', catalog, '--state', state],
      { env },
    );
    const counts: Record<string, number> = {};
    for (const line of stdout.trim().split('\n')) {
      const { type, record } = JSON.parse(line);
      if (type === 'RECORD') counts[record.stream] = (counts[record.stream] ?? 0) + 1;
    }
    expect(code).toBe(0);
    expect(counts).toEqual({
      candidates: simulator.count('candidate.list'),
      applications: simulator.count('application.list'),
      jobs: simulator.count('job.list', { status: ['Draft', 'Open', 'Closed', 'Archived'] }),
      openings: simulator.count('opening.list'),
      users: simulator.count('user.list', { includeDeactivated: true }),
    });
  });
});
