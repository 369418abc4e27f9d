import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Bench } from './support/bench.ts';
import { catalogOf } from './support/catalog.ts';
import { brokenRules } from './support/transcript.ts';

let bench: Bench;
let good: { config: string; catalog: string };
beforeAll(async () => {
  bench = await Bench.start({ scale: 20 });
  good = { config: await bench.file(bench.config), catalog: await bench.file(catalogOf(['brands'])) };
});
afterAll(() => bench.stop());

/** Runs it; a wrong `check` answers FAILED with exit 0, anything else one TRACE ERROR with exit 1. */
async function complaintOf(args: string[]): Promise<string> {
  const { code, signal, out, stderr } = await bench.run(args);
  expect({ signal, stderr }).toEqual({ signal: null, stderr: '' });
  expect(brokenRules(out)).toEqual([]);
  const [status] = out.connectionStatuses();
  if (args[0] === 'check') {
    expect({ code, status: status?.status, errors: out.errors() }).toEqual({ code: 0, status: 'FAILED', errors: [] });
    return status?.message ?? '';
  }
  expect(code).toBe(1);
  expect(out.errors()).toEqual([expect.objectContaining({ failure_type: 'config_error' })]);
  return out.errors()[0]?.message ?? '';
}

/** The same inside this process, for tables of cases that differ in content alone. */
async function complaintHere(args: string[]): Promise<string> {
  const { ending, out } = await bench.commandHere(args);
  if (args[0] === 'check') {
    expect({ ending, errors: out.errors() }).toEqual({ ending: { exitCode: 0 }, errors: [] });
    expect(out.connectionStatuses()).toEqual([{ status: 'FAILED', message: expect.any(String) }]);
    return out.connectionStatuses()[0]?.message ?? '';
  }
  expect(ending).toEqual({ exitCode: 1 });
  expect(out.errors()).toEqual([expect.objectContaining({ failure_type: 'config_error' })]);
  return out.errors()[0]?.message ?? '';
}

const commands: [string, () => string[]][] = [
  ['check', () => []],
  ['discover', () => []],
  ['read', () => ['--catalog', good.catalog]],
];

describe.each(commands)('%s', (command, rest) => {
  const withConfig = (path: string): string[] => [command, '--config', path, ...rest()];

  test('a configuration that does not exist is named', async () => {
    expect(await complaintOf(withConfig('/nowhere/config.json'))).toMatch(
      /--config.*\/nowhere\/config\.json.*does not exist/,
    );
  });

  test('a configuration that is a folder is named', async () => {
    const folder = join(bench.folder, `folder-${command}`);
    await mkdir(folder);
    expect(await complaintOf(withConfig(folder))).toContain('is a folder');
  });

  test.each(['', '{"api_key": "abcdefgh12345678"', 'api_key=abcdefgh12345678', '\u0000'])(
    'a configuration that is not JSON (%j) is named and not quoted',
    async (text) => {
      const message = await complaintHere(withConfig(await bench.file(text)));
      expect(message).toMatch(/--config.*is not JSON/);
      expect(message).not.toContain('abcdefgh');
    },
  );

  test.each<[string, unknown, RegExp]>([
    ['no object', [], /JSON object/],
    ['null', null, /JSON object/],
    ['a string', 'abc', /JSON object/],
    ['without a key', {}, /"api_key" is missing/],
    ['a null key', { api_key: null }, /"api_key" is missing/],
    ['an empty key', { api_key: '' }, /"api_key" is empty/],
    ['a blank key', { api_key: ' \n' }, /"api_key" is empty/],
    ['a key that is a number', { api_key: 12345678 }, /"api_key"/],
    ['a key with a space in it', { api_key: 'abcd efgh' }, /"api_key"/],
    ['a key with a colon', { api_key: 'abcdefgh:' }, /"api_key" holds a colon/],
    ['a key with a letter beyond ASCII', { api_key: 'abcdefghé' }, /"api_key"/],
    ['a start date in words', { api_key: 'abcdefgh', start_date: 'yesterday' }, /"start_date"/],
    ['a start date that no calendar has', { api_key: 'abcdefgh', start_date: '2024-02-31' }, /"start_date"/],
    ['a limit of 0', { api_key: 'abcdefgh', requests_per_minute: 0 }, /"requests_per_minute"/],
    ['a limit in words', { api_key: 'abcdefgh', requests_per_minute: 'many' }, /"requests_per_minute"/],
  ])('a configuration with %s is refused by the field', async (_name, config, expected) => {
    bench.sim.clearRequests();
    const path = await bench.file(typeof config === 'string' ? JSON.stringify(config) : config);
    expect(await complaintHere(withConfig(path))).toMatch(expected);
    expect(bench.sim.requests()).toEqual([]);
  });

  test('without --config it says that it is missing', async () => {
    expect(await complaintOf([command, ...rest()])).toContain('config');
  });

  test('an option that does not exist is named', async () => {
    expect(await complaintOf([...withConfig(good.config), '--frobnicate'])).toContain('frobnicate');
  });

  test('a file that may not be read is named', async () => {
    const path = await bench.file(bench.config);
    await chmod(path, 0o000);
    if (process.getuid?.() === 0) return; // root reads everything
    expect(await complaintOf(withConfig(path))).toContain('may not be read');
  });
});

describe('the command line', () => {
  test.each([
    ['nothing', []],
    ['a command that does not exist', ['write']],
    ['an option in place of a command', ['--config', 'x']],
    ['an option that spec does not have', ['spec', '--frobnicate']],
    ['two commands', ['spec', 'check']],
  ])('with %s ends with 1 and one config_error', async (_name, args) => {
    expect(await complaintOf(args)).toContain('--help');
  });

  test.each(['--help', '--version'])('%s prints a text and ends with 0', async (option) => {
    const { code, stdout, stderr } = await bench.run([option]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim()).not.toBe('');
  });

  test('spec prints one SPEC message and needs no network and no file', async () => {
    const { code, out, stderr } = await bench.run(['spec'], { env: { ASHBY_BASE_URL: '' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(out.messages.map(({ type }) => type)).toEqual(['SPEC']);
  });

  test('every command works from another folder, with relative paths', async () => {
    const relative = (path: string): string => path.slice(bench.folder.length + 1);
    const options = { cwd: bench.folder };
    const config = ['--config', relative(good.config)];
    const runs = await Promise.all([
      bench.run(['spec'], options),
      bench.run(['check', ...config], options),
      bench.run(['discover', ...config], options),
      bench.run(['read', ...config, '--catalog', relative(good.catalog)], options),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });
});

describe('--catalog and --state', () => {
  const read = (...more: string[]): string[] => ['read', '--config', good.config, ...more];

  test.each([
    ['does not exist', '/nowhere/catalog.json', /--catalog.*does not exist/],
    ['is a folder', '/', /--catalog.*is a folder/],
  ])('a catalog that %s is named', async (_name, path, expected) => {
    expect(await complaintOf(read('--catalog', path))).toMatch(expected);
  });

  test.each([
    ['text', 'streams: []', /--catalog.*is not JSON/],
    ['a list', [], /"streams"/],
    ['null', null, /"streams"/],
    ['an empty object', {}, /"streams"/],
    ['streams that are no list', { streams: {} }, /"streams"/],
    ['an entry without a stream', { streams: [{ sync_mode: 'full_refresh' }] }, /entry 0/],
    ['an entry that is null', { streams: [null] }, /entry 0/],
    ['a stream twice', catalogOf(['brands', 'users', 'brands']), /"brands" twice/],
  ])('a catalog that is %s is refused with a sentence', async (_name, content, expected) => {
    expect(await complaintHere(read('--catalog', await bench.file(content)))).toMatch(expected);
  });

  test.each(['', '{', 'none', '[1,2'])('a state that is not JSON (%j) is a config_error', async (text) => {
    expect(await complaintHere(read('--catalog', good.catalog, '--state', await bench.file(text)))).toMatch(
      /--state.*is not JSON/,
    );
  });

  test('a state that does not exist is a config_error', async () => {
    expect(await complaintOf(read('--catalog', good.catalog, '--state', '/nowhere/state.json'))).toMatch(
      /--state.*does not exist/,
    );
  });

  test('an unknown stream ends INCOMPLETE with an error of its own, and its siblings are read', async () => {
    const name = '__AIRBYTE__stream_that_does_not_exist';
    const { code, out, stderr } = await bench.read({ streams: [name, 'brands'] });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(out.endings()).toEqual({ [name]: 'INCOMPLETE', brands: 'COMPLETE' });
    expect(out.errors()).toEqual([
      expect.objectContaining({
        failure_type: 'config_error',
        stream_descriptor: { name },
        message: expect.stringContaining(name),
      }),
    ]);
    expect(brokenRules(out)).toEqual([]);
  });

  test('a sync mode that does not exist fails its stream alone', async () => {
    const catalog = {
      streams: [{ ...entry('users'), sync_mode: 'INVALID', destination_sync_mode: 'INVALID' }, entry('brands')],
    };
    const { code, out } = await bench.read({ streams: [], catalog });
    expect(code).toBe(1);
    expect(out.endings()).toEqual({ users: 'INCOMPLETE', brands: 'COMPLETE' });
    expect(out.errors()[0]?.message).toContain('sync mode');
  });

  test('null stands for absent everywhere, and unknown fields are ignored', async () => {
    const nulls = {
      cursor_field: null,
      primary_key: null,
      generation_id: null,
      minimum_generation_id: null,
      sync_id: null,
    };
    const stream = {
      ...entry('users').stream,
      default_cursor_field: null,
      source_defined_primary_key: null,
      namespace: null,
      is_resumable: null,
    };
    const catalog = {
      streams: [{ ...entry('users'), ...nulls, stream, include_files: null, from_the_future: [1] }],
      extra: null,
    };
    const { code, out } = await bench.read({ streams: [], catalog, state: null });
    expect(code).toBe(0);
    expect(out.endings()).toEqual({ users: 'COMPLETE' });
  });

  test('incremental asked of a table without it falls back to full refresh and says so', async () => {
    const first = await bench.read({ streams: ['sources'], mode: 'incremental' });
    expect(first.code).toBe(0);
    expect(
      first.out.logs('INFO').some((line) => line.startsWith('sources:') && line.includes('no incremental form')),
    ).toBe(true);
    const second = await bench.read({ streams: ['sources'], mode: 'incremental', state: first.out.states() });
    expect(second.out.recordCounts()).toEqual(first.out.recordCounts());
  });

  test('an empty catalog is a read of nothing', async () => {
    const { code, out } = await bench.read({ streams: [] });
    expect({ code, counts: out.recordCounts(), errors: out.errors() }).toEqual({ code: 0, counts: {}, errors: [] });
  });
});

describe('the configuration', () => {
  test.each([
    ['null in optional fields', { start_date: null, requests_per_minute: null }],
    ['keys of other connectors', { _limit: 5, credentials: { api_key: 'x' }, num_workers: 3 }],
  ])('with %s is accepted', async (_name, more) => {
    const { out } = await bench.command('check', { api_key: bench.sim.keys.full, ...more });
    expect(out.connectionStatuses()[0]?.status).toBe('SUCCEEDED');
  });

  test('whitespace around the key is taken off', async () => {
    const { out } = await bench.command('check', { api_key: ` ${bench.sim.keys.full}\n` });
    expect(out.connectionStatuses()[0]?.status).toBe('SUCCEEDED');
  });

  test('a byte order mark before the JSON does no harm', async () => {
    const { out } = await bench.run(['check', '--config', await bench.file(`\uFEFF${JSON.stringify(bench.config)}`)]);
    expect(out.connectionStatuses()[0]?.status).toBe('SUCCEEDED');
  });
});

describe('ASHBY_BASE_URL', () => {
  test.each([
    'http://api.ashbyhq.example',
    'http://169.254.169.254',
    'http://127.0.0.1.example.com',
    'http://user:secret@127.0.0.1:9',
    'http://127.0.0.1:9/?x=1',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'not an address',
  ])('%s is refused before anything is sent', async (url) => {
    const { code, out } = await bench.run(['discover', '--config', good.config], { env: { ASHBY_BASE_URL: url } });
    expect(code).toBe(1);
    expect(out.errors()).toEqual([
      expect.objectContaining({ failure_type: 'config_error', message: expect.stringContaining('ASHBY_BASE_URL') }),
    ]);
    expect(JSON.stringify(out.messages)).not.toContain('secret');
  });

  test('its use is logged, and a proxy never sees a request to this machine', async () => {
    const env = {
      HTTP_PROXY: 'http://127.0.0.1:9',
      http_proxy: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
    };
    const { out } = await bench.command('check', bench.config, { env });
    expect(out.connectionStatuses()[0]?.status).toBe('SUCCEEDED');
    expect(out.logs('WARN').some((line) => line.includes('ASHBY_BASE_URL'))).toBe(true);
  });
});

describe('the API key in the output', () => {
  const forms = (key: string): string[] => [
    key,
    Buffer.from(`${key}:`).toString('base64'),
    Buffer.from(key).toString('base64').replace(/=+$/, ''),
  ];

  test.each([
    [
      'in the code',
      (key: string) => ({ success: false, errors: [key], errorInfo: { code: key, message: key, requestId: key } }),
    ],
    [
      'in errors',
      (key: string) => ({ success: false, errors: [{ message: `bad key ${key}`, parameter: key }], errorInfo: null }),
    ],
    ['in text', (key: string) => `Forbidden: Basic ${Buffer.from(`${key}:`).toString('base64')} ${key}`],
  ])('is masked where a server echoes it %s, also with --debug', async (_name, echo) => {
    const body = echo(bench.sim.keys.full);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    bench.sim.fault({
      kind: 'status',
      status: 403,
      body: text,
      times: Infinity,
      headers: { 'x-ashby-request-id': bench.sim.keys.full },
    });
    const runs = [
      await bench.command('check'),
      await bench.run(['discover', '--config', good.config, '--debug']),
      await bench.run(['read', '--config', good.config, '--catalog', good.catalog, '--debug']),
    ];
    bench.sim.clearFaults();
    for (const { stdout, stderr } of runs) {
      for (const form of forms(bench.sim.keys.full)) expect(`${stdout}${stderr}`.includes(form)).toBe(false);
    }
  });

  test('is in no line of a read with --debug', async () => {
    const { code, stdout, stderr, out } = await bench.run(
      ['read', '--config', good.config, '--catalog', good.catalog, '--debug'],
      { env: { LOG_LEVEL: 'debug' } },
    );
    expect(code).toBe(0);
    expect(out.logs('DEBUG').length).toBeGreaterThan(0);
    for (const form of forms(bench.sim.keys.full)) expect(`${stdout}${stderr}`.includes(form)).toBe(false);
  });
});

function entry(name: string): { stream: Record<string, unknown>; sync_mode: string; destination_sync_mode: string } {
  const stream = { name, json_schema: {}, supported_sync_modes: ['full_refresh', 'incremental'] };
  return { stream, sync_mode: 'full_refresh', destination_sync_mode: 'overwrite' };
}
