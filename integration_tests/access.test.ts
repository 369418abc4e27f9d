import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { permissionsOf } from '../src/tables/lineage.ts';
import { offered, streams } from '../src/tables/table.ts';
import { PERMISSIONS, type Permission } from './simulator/index.ts';
import { Bench } from './support/bench.ts';
import { brokenRules } from './support/transcript.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start({ scale: 40 });
});
afterAll(() => bench.stop());

const without = (...missing: Permission[]): Permission[] => PERMISSIONS.filter((one) => !missing.includes(one));
const keyWith = (permissions: readonly Permission[]): Record<string, unknown> => ({
  ...bench.config,
  api_key: bench.sim.addKey({ permissions }),
});

describe('a key that lacks three permissions', () => {
  const missing: Permission[] = ['offersRead', 'jobsRead', 'approvalsRead'];
  const lost = streams.filter((stream) => permissionsOf(stream).some((one) => missing.includes(one as Permission)));

  test('passes check, which names the permissions and the tables that they cost', async () => {
    const { code, out, stderr } = await bench.command('check', keyWith(without(...missing)));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(out.connectionStatuses()).toEqual([{ status: 'SUCCEEDED', message: expect.any(String) }]);
    const warnings = out.logs('WARN').join('\n');
    for (const permission of missing) expect(warnings).toContain(permission);
    for (const { name } of lost) expect(warnings).toContain(name);
    expect(warnings).not.toContain('candidatesRead');
  });

  test('gets a catalog of the other tables, and a line about what is left out', async () => {
    const { code, out } = await bench.command('discover', keyWith(without(...missing)));
    expect(code).toBe(0);
    const names = out.catalogs()[0]?.streams.map(({ name }) => name);
    expect(names).toEqual(offered.filter((stream) => !lost.includes(stream)).map(({ name }) => name));
    expect(out.logs('WARN').filter((line) => line.includes('lacks'))).toHaveLength(missing.length);
  });

  test('reads the allowed tables whole, fails the forbidden one with a sentence, and ends with 1', async () => {
    const config = keyWith(without(...missing));
    const { code, out, stderr } = await bench.read({ streams: ['offers', 'users', 'departments'], config });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(out.endings()).toEqual({ offers: 'INCOMPLETE', users: 'COMPLETE', departments: 'COMPLETE' });
    expect(out.recordCounts()).toEqual({
      users: bench.sim.count('user.list', { includeDeactivated: true }),
      departments: bench.sim.count('department.list', { includeArchived: true }),
    });
    expect(out.errors()).toEqual([
      expect.objectContaining({
        failure_type: 'config_error',
        stream_descriptor: { name: 'offers' },
        message: expect.stringMatching(/offersRead.*Admin > Integrations > API Keys/),
      }),
    ]);
    expect(brokenRules(out)).toEqual([]);
  });
});

test('a permission error inside HTTP 200 means the same as one with 403', async () => {
  bench.sim.set({ missingPermissionStatus: 200 });
  try {
    const config = keyWith(without('offersRead'));
    const check = await bench.command('check', config);
    expect(check.out.connectionStatuses()[0]?.status).toBe('SUCCEEDED');
    expect(check.out.logs('WARN').join()).toContain('offersRead');
    const { outcome, out } = await bench.readHere({ streams: ['offers', 'brands'], config });
    expect(outcome).toBe('failed');
    expect(out.endings()).toEqual({ offers: 'INCOMPLETE', brands: 'COMPLETE' });
    expect(out.errors()[0]).toMatchObject({
      failure_type: 'config_error',
      message: expect.stringContaining('offersRead'),
    });
  } finally {
    bench.sim.set({ missingPermissionStatus: 403 });
  }
});

test('a key that may not ask about itself is probed, and the report is the same', async () => {
  const known = await bench.command('discover', keyWith(without('interviewsRead')));
  const probed = await bench.command('discover', keyWith(without('interviewsRead', 'apiKeysRead')));
  const names = (run: typeof known): unknown => run.out.catalogs()[0]?.streams.map(({ name }) => name);
  expect(probed.code).toBe(0);
  expect(names(probed)).toEqual(names(known));
});

test('a key that reads nothing fails check, which names the permissions to tick', async () => {
  for (const permissions of [[], ['apiKeysRead']] as Permission[][]) {
    const { code, out } = await bench.command('check', keyWith(permissions));
    expect(code).toBe(0);
    expect(out.connectionStatuses()).toEqual([
      { status: 'FAILED', message: expect.stringMatching(/candidatesRead.*jobsRead/) },
    ]);
  }
});

describe('when every request is refused, check does not say that it succeeded', () => {
  const here = async (command: string) => bench.commandHere([command, '--config', await bench.file(bench.config)]);
  afterEach(() => bench.sim.clearFaults());

  test.each([300, 302, 307, 308, 400, 402, 405, 406, 407, 409, 410, 411, 413, 414, 415, 418, 421, 422, 426, 431, 451])(
    'status %d',
    async (status) => {
      bench.sim.fault({ kind: 'status', status, body: 'no', times: Infinity });
      for (const command of ['check', 'discover']) {
        const { out } = await here(command);
        expect(out.connectionStatuses().map((one) => one.status)).not.toContain('SUCCEEDED');
        expect(out.catalogs()).toEqual([]);
        const said = [...out.errors(), ...out.connectionStatuses()].map(({ message }) => message ?? '');
        expect(said).toHaveLength(1);
        expect(said[0]).not.toMatch(/paid|feature/);
      }
    },
  );

  test.each([401, 403])('status %d is FAILED with a sentence about the key', async (status) => {
    bench.sim.fault({ kind: 'status', status, body: 'no', times: Infinity });
    const { out, ending } = await here('check');
    expect(ending).toEqual({ exitCode: 0 });
    expect(out.connectionStatuses()).toEqual([{ status: 'FAILED', message: expect.stringContaining('API key') }]);
  });

  test.each([
    'account_suspended',
    'api_key_expired',
    'api_key_revoked',
    'organization_not_found',
    'workspace_disabled',
  ])('%s is FAILED after one request, with a sentence', async (code) => {
    for (const status of [200, 404]) {
      bench.sim.fault({ kind: 'error', code, status, times: Infinity });
      bench.sim.clearRequests();
      const { out, ending } = await here('check');
      bench.sim.clearFaults();
      expect(ending).toEqual({ exitCode: 0 });
      expect(out.connectionStatuses()).toEqual([{ status: 'FAILED', message: expect.stringContaining(code) }]);
      expect(bench.sim.requests()).toHaveLength(1);
    }
  });

  test.each([
    ['a bare success:false', '{"success":false}'],
    ['a code that nobody knows', '{"success":false,"errorInfo":{"code":"something_new"}}'],
    ['words without a code', '{"success":false,"errors":["That is not possible now."]}'],
  ])('%s is an error, not a verdict', async (_what, body) => {
    bench.sim.fault({ kind: 'replace', body, times: Infinity });
    const { out, ending } = await here('check');
    expect(ending).toEqual({ exitCode: 1 });
    expect(out.connectionStatuses()).toEqual([]);
    expect(out.errors()).toEqual([expect.objectContaining({ failure_type: 'system_error' })]);
  });

  test.each([302, 400, 413, 418])('status %d at the probes alone proves nothing, either', async (status) => {
    const config = keyWith(without('apiKeysRead'));
    bench.sim.fault({ kind: 'status', status, body: '', endpoint: 'offer.list', times: Infinity });
    const { out, ending } = await bench.commandHere(['check', '--config', await bench.file(config)]);
    expect(ending).toEqual({ exitCode: 1 });
    expect(out.connectionStatuses()).toEqual([]);
    expect(out.errors()).toHaveLength(1);
  });

  test.each([302, 413])('status %d at the try of a feature: discover fails, and blames no feature', async (status) => {
    bench.sim.fault({ kind: 'status', status, body: '', endpoint: 'sequence.list', times: Infinity });
    const { out, ending } = await here('discover');
    expect(ending).toEqual({ exitCode: 1 });
    expect(out.catalogs()).toEqual([]);
    expect(out.logs().join()).not.toContain('is left out');
  });
});

describe('a wrong key in read', () => {
  test.each([
    ['403 as text', 3, { kind: 'status', status: 403, body: 'Forbidden', times: Infinity } as const],
    ['401', 1, { kind: 'status', status: 401, body: 'Unauthorized', times: Infinity } as const],
    ['a suspended account', 1, { kind: 'error', code: 'account_suspended', times: Infinity } as const],
    ['a revoked key', 1, { kind: 'error', code: 'api_key_revoked', status: 403, times: Infinity } as const],
  ])('%s is found out in %d requests: one sentence, no endpoint, no feature', async (_what, requests, fault) => {
    bench.sim.fault(fault);
    const config = keyWith(PERMISSIONS); // a key of its own: requests of other tests may still be under way
    const { outcome, out } = await bench.readHere({ streams: streams.map(({ name }) => name), config });
    bench.sim.clearFaults();
    expect(outcome).toBe('failed');
    const sentences = new Set(
      out.errors().map(({ message, stream_descriptor: stream }) => message.replace(`${stream?.name ?? ''}: `, '')),
    );
    expect([...sentences]).toEqual([
      expect.stringMatching(/^Ashby refuses the API key .*Admin > Integrations > API Keys/),
    ]);
    expect(out.errors()).toHaveLength(streams.length);
    expect([...sentences].join()).not.toMatch(/paid|feature|\w\.(list|info)/);
    expect(Object.values(out.endings()).every((ending) => ending === 'INCOMPLETE')).toBe(true);
    expect(bench.sim.requests().filter(({ key }) => key === config['api_key'])).toHaveLength(requests);
  });

  test('an answer that knows no table is blamed on no feature, and neither is an unknown refusal', async () => {
    for (const fault of [
      { kind: 'status', status: 404, body: 'no', times: Infinity } as const,
      { kind: 'error', code: 'something_new', times: Infinity } as const,
    ]) {
      bench.sim.fault(fault);
      const { out } = await bench.readHere({ streams: streams.map(({ name }) => name) });
      bench.sim.clearFaults();
      expect(out.errors()).toHaveLength(streams.length);
      expect(
        out
          .errors()
          .map(({ message }) => message)
          .join(),
      ).not.toMatch(/paid|feature/);
    }
  });

  test('a feature is named where other tables were read, also when it was asked for first', async () => {
    bench.sim.fault({ kind: 'status', status: 404, body: 'no', endpoint: 'auditLog.list', times: Infinity });
    const { out } = await bench.readHere({ streams: ['audit_log', 'departments'] });
    bench.sim.clearFaults();
    expect(out.endings()).toEqual({ audit_log: 'INCOMPLETE', departments: 'COMPLETE' });
    expect(out.errors()).toEqual([expect.objectContaining({ message: expect.stringMatching(/paid or beta feature/) })]);
  });

  test('a refusal of one table behind a real answer harms that table alone', async () => {
    bench.sim.fault({ kind: 'status', status: 403, body: 'Forbidden', endpoint: 'user.list', nth: 1, times: Infinity });
    const { out } = await bench.readHere({ streams: ['departments', 'brands', 'users'] });
    bench.sim.clearFaults();
    expect(Object.keys(out.endings())).toHaveLength(3);
    expect(out.endings()['users']).toBe('INCOMPLETE');
  });
});

describe('a key that Ashby does not know', () => {
  test.each([
    ['403 as text', 'text', false],
    ['403 as JSON', 'json', false],
    ['403 as text, deactivated', 'text', true],
  ] as const)('%s: check is FAILED after two requests at most', async (_name, unknownKeyAnswer, disabled) => {
    bench.sim.set({ unknownKeyAnswer });
    const apiKey = disabled ? bench.sim.addKey({ permissions: PERMISSIONS, disabled }) : 'not-a-key-of-this-account';
    bench.sim.clearRequests();
    const { code, out, stderr } = await bench.command('check', { ...bench.config, api_key: apiKey });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(out.connectionStatuses()).toEqual([{ status: 'FAILED', message: expect.stringContaining('API Keys') }]);
    expect(out.errors()).toEqual([]);
    expect(bench.sim.requests().length).toBeLessThanOrEqual(2);
    bench.sim.set({ unknownKeyAnswer: 'text' });
  });

  test('401: check is FAILED after one request', async () => {
    bench.sim.fault({ kind: 'status', status: 401, body: 'Unauthorized', times: Infinity });
    bench.sim.clearRequests();
    const { code, out } = await bench.command('check');
    bench.sim.clearFaults();
    expect(code).toBe(0);
    expect(out.connectionStatuses()).toEqual([{ status: 'FAILED', message: expect.stringContaining('API Keys') }]);
    expect(bench.sim.requests()).toHaveLength(1);
  });

  test('discover and read end with 1 and a config_error', async () => {
    const config = { ...bench.config, api_key: 'not-a-key-of-this-account' };
    const discover = await bench.command('discover', config);
    expect(discover.code).toBe(1);
    expect(discover.out.catalogs()).toEqual([]);
    expect(discover.out.errors()).toEqual([expect.objectContaining({ failure_type: 'config_error' })]);
    const read = await bench.read({ streams: ['users', 'brands'], config });
    expect(read.code).toBe(1);
    expect(read.out.errors().map(({ failure_type }) => failure_type)).toEqual(['config_error', 'config_error']);
    expect(read.out.endings()).toEqual({ users: 'INCOMPLETE', brands: 'INCOMPLETE' });
  });
});

describe('an outage while the key is being examined', () => {
  test.each([
    ['at apiKey.info', 'apiKey.info', 'discover'],
    ['at apiKey.info', 'apiKey.info', 'check'],
    ['at a probe', 'interview.list', 'discover'],
    ['at a probe', 'interview.list', 'check'],
    ['at the try of a feature', 'sequence.list', 'discover'],
  ] as const)('%s (%s) fails %s: no verdict, no shrunken catalog', async (_where, endpoint, command) => {
    const config = endpoint === 'interview.list' ? keyWith(without('apiKeysRead')) : bench.config;
    bench.sim.fault({ kind: 'status', status: 503, body: 'maintenance', endpoint, times: Infinity });
    const { ending, out } = await bench.commandHere([command, '--config', await bench.file(config)]);
    bench.sim.clearFaults();
    expect(ending).toEqual({ exitCode: 1 });
    expect([...out.catalogs(), ...out.connectionStatuses()]).toEqual([]);
    expect(out.errors()).toEqual([expect.objectContaining({ failure_type: 'transient_error' })]);
  });

  test('that passes is got over', async () => {
    bench.sim.fault({ kind: 'status', status: 503, body: 'maintenance', endpoint: 'apiKey.info' });
    const whole = await bench.command('discover');
    expect(whole.code).toBe(0);
    expect(whole.out.catalogs()[0]?.streams).toHaveLength(offered.length);
  });
});

describe('features that an account lacks', () => {
  const cases = [
    ['auditLogs', ['audit_log']],
    ['notetaker', ['notetaker_transcripts']],
    ['aiApplicationReview', ['application_criteria_evaluations']],
    ['fraudDetection', ['candidate_fraud_checks']],
    ['takeHomes', ['take_home_assignments']],
    ['sequences', ['sequences', 'sequence_templates']],
    ['referrals', ['referrals']],
  ] as const;
  const absent: string[] = cases.flatMap(([, names]) => [...names]);
  let poor: Bench;
  beforeAll(async () => {
    const off = Object.fromEntries(cases.map(([feature]) => [feature, false]));
    poor = await Bench.start({ scale: 40, features: off });
  });
  afterAll(() => poor.stop());

  test('the table of streams marks exactly these', () => {
    expect(
      streams
        .filter((stream) => stream.mayBeAbsent)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...absent].sort());
  });

  test('discover leaves their tables out, each with a line', async () => {
    const { code, out } = await poor.command('discover');
    expect(code).toBe(0);
    const names = out.catalogs()[0]?.streams.map(({ name }) => name);
    expect(names).toEqual(offered.filter(({ name }) => !absent.includes(name)).map(({ name }) => name));
    for (const name of absent)
      expect(out.logs().filter((line) => line.startsWith(`${name} is left out`))).toHaveLength(1);
    const check = await poor.command('check');
    expect(check.out.connectionStatuses()[0]?.status).toBe('SUCCEEDED');
  });

  test('selected all the same, each ends INCOMPLETE with one sentence, and a sibling COMPLETE', async () => {
    const { code, out } = await poor.read({ streams: [...absent, 'brands'] });
    expect(code).toBe(1);
    expect(out.endings()).toEqual({
      ...Object.fromEntries(absent.map((name) => [name, 'INCOMPLETE'])),
      brands: 'COMPLETE',
    });
    expect(out.errors()).toHaveLength(absent.length);
    for (const error of out.errors())
      expect(error).toMatchObject({ failure_type: 'config_error', message: expect.stringMatching(/feature/) });
    expect(brokenRules(out)).toEqual([]);
  });

  test('switched on, all of them are offered', async () => {
    const { out } = await bench.command('discover');
    expect(out.catalogs()[0]?.streams.map(({ name }) => name)).toEqual(offered.map(({ name }) => name));
  });
});

test('the API key goes to nobody but the server that was asked: redirections are not followed', async () => {
  const asked: (string | undefined)[] = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.end('{}');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const target = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  try {
    for (const status of [301, 302, 307, 308]) {
      bench.sim.fault({ kind: 'status', status, body: '', headers: { location: target }, times: Infinity });
      const { outcome, out } = await bench.readHere({ streams: ['brands'] });
      bench.sim.clearFaults();
      expect(outcome).toBe('failed');
      expect(out.errors()[0]?.message).toContain('redirection');
    }
    expect(asked).toEqual([]);
  } finally {
    elsewhere.close();
  }
});
