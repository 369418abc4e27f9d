import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { cleanCheckout, docker, root, type Ended } from './docker.ts';

const IMAGE = 'source-ashby-image-test';
const hasDocker = (await docker('version')).code === 0;

interface Message {
  type: string;
  [part: string]: any;
}

/** Every line of stdout is one message, and nothing comes on stderr. */
function messages({ stdout, stderr }: Ended): Message[] {
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Message);
}

const only = (all: readonly Message[], type: string): Message[] => all.filter((message) => message.type === type);

if (!hasDocker) {
  test('skipped: no docker', () => {
    process.stderr.write('skipped: no docker (the image was neither built nor run)\n');
  });
}

(hasDocker ? describe : describe.skip)('the container image', () => {
  let simulator: Simulator;
  /** Holds config.json, catalog.json (all tables) and small.json (three); readable by everybody. */
  let folder: string;
  let image: {
    Id: string;
    Config: { Entrypoint: string[]; Env: string[]; Labels: Record<string, string>; User: string };
  };

  /** Runs the image with the folder mounted, in reach of the simulator. */
  const inImage = (options: readonly string[], ...command: readonly string[]): Promise<Ended> =>
    docker(
      ...['run', '--rm', '--network=host', '-e', `ASHBY_BASE_URL=${simulator.url}`, '-v', `${folder}:/data:ro`],
      ...options,
      IMAGE,
      ...command,
    );
  const read = (options: readonly string[], catalog: string): Promise<Ended> =>
    inImage(options, 'read', '--config', '/data/config.json', '--catalog', `/data/${catalog}`);

  beforeAll(async () => {
    const checkout = await cleanCheckout();
    const build = await docker('build', '-t', IMAGE, checkout);
    rmSync(checkout, { recursive: true, force: true });
    if (build.code !== 0) throw new Error(`docker build failed:\n${build.stdout}\n${build.stderr}`);
    [image] = JSON.parse((await docker('image', 'inspect', IMAGE)).stdout);

    simulator = await startSimulator({ scale: 60 });
    folder = mkdtempSync(join(tmpdir(), 'source-ashby-image-'));
    chmodSync(folder, 0o755);
    const all = JSON.parse(readFileSync(join(root, 'integration_tests/configured_catalog.json'), 'utf8')) as {
      streams: { stream: { name: string } }[];
    };
    const few = all.streams.filter(({ stream }) => ['jobs', 'applications', 'candidates'].includes(stream.name));
    const files = {
      'config.json': { api_key: simulator.keys.full, requests_per_minute: 1_000_000 },
      'catalog.json': all,
      'small.json': { streams: few },
    };
    for (const [file, content] of Object.entries(files)) {
      writeFileSync(join(folder, file), JSON.stringify(content));
      chmodSync(join(folder, file), 0o644);
    }
  }, 900_000);

  afterAll(async () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    await simulator?.close();
    if (image) await docker('image', 'rm', '--force', IMAGE);
  });

  test('has the labels, the user and the one entrypoint that Airbyte looks for', () => {
    const { Entrypoint, Env, Labels, User } = image.Config;
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(Labels).toMatchObject({ 'io.airbyte.name': 'source-ashby/source-ashby', 'io.airbyte.version': version });
    expect(Entrypoint[0]).toMatch(/^\//);
    expect(Env).toContain(`AIRBYTE_ENTRYPOINT=${Entrypoint.join(' ')}`);
    expect(User).toBe('airbyte');
  });

  test('has what the platform scripts call, /airbyte for user 1000, and no more than the program', async () => {
    const look =
      'id -un && stat -c %u:%g /airbyte && command -v sh sleep kill touch cat >&2 && ls /airbyte && ls -A ~/.npm /root/.npm 2>&1';
    const { stdout } = await inImage(['--entrypoint', 'sh'], '-c', look);
    const [user, owner, ...files] = stdout.trim().split('\n');
    expect([user, owner]).toEqual(['airbyte', '1000:1000']);
    expect(files.filter((line) => !line.startsWith('ls: '))).toEqual(
      ['LICENSE', 'bin', 'dist', 'package.json', 'schemas', 'spec'], // prettier-ignore
    );
    const { stdout: licences } = await inImage(['--entrypoint', 'cat'], '/airbyte/dist/THIRD_PARTY_LICENSES.txt');
    for (const name of ['axios', 'ajv', 'yargs', 'follow-redirects'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });

  const ways: [name: string, options: string[]][] = [
    ['as user 1000', []],
    ['as another user', ['--user', '4321:4321']],
    ['as root', ['--user', '0']],
    ['with a read-only root', ['--read-only']],
    [
      'as another user with a read-only root and no capabilities',
      ['--user', '4321', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'],
    ],
    ['with 256 MB and another working directory', ['--memory', '256m', '-w', '/source']],
  ];

  describe.each(ways)('%s', (_name, options) => {
    test('spec, check and discover answer', async () => {
      const spec = await inImage(options, 'spec');
      expect([spec.code, messages(spec).map(({ type }) => type)]).toEqual([0, ['SPEC']]);
      const check = await inImage(options, 'check', '--config', '/data/config.json');
      expect(only(messages(check), 'CONNECTION_STATUS')).toMatchObject([{ connectionStatus: { status: 'SUCCEEDED' } }]);
      expect(check.code).toBe(0);
      const discover = await inImage(options, 'discover', '--config', '/data/config.json');
      expect(only(messages(discover), 'CATALOG')[0]?.['catalog'].streams.length).toBeGreaterThan(50);
      expect(discover.code).toBe(0);
    });

    test('read gives every row', async () => {
      const ended = await read(options, 'small.json');
      expect(ended.code).toBe(0);
      const rows = only(messages(ended), 'RECORD').map(({ record }) => record.stream as string);
      const count = (stream: string): number => rows.filter((name) => name === stream).length;
      expect(count('applications')).toBe(simulator.count('application.list'));
      expect(count('candidates')).toBe(simulator.count('candidate.list'));
    });
  });

  test('reads all tables to COMPLETE', async () => {
    const ended = await read(['--read-only'], 'catalog.json');
    expect(ended.code).toBe(0);
    const { streams } = JSON.parse(readFileSync(join(folder, 'catalog.json'), 'utf8')) as { streams: unknown[] };
    const complete = only(messages(ended), 'TRACE').filter(({ trace }) => trace.stream_status?.status === 'COMPLETE');
    expect(complete).toHaveLength(streams.length);
  });

  test('works as the platform starts it: sh, eval of AIRBYTE_ENTRYPOINT, files in /source', async () => {
    const script = [
      'if [ -z "$AIRBYTE_ENTRYPOINT" ]; then exit 127; fi',
      'mkdir /tmp/pipes && mkfifo /tmp/pipes/out && (cat /tmp/pipes/out &)',
      '(eval "$AIRBYTE_ENTRYPOINT read --config /source/config.json --catalog /source/small.json" >/tmp/pipes/out) & child=$!',
      'wait $child; code=$?; sleep 1; exit $code',
    ].join('\n');
    const options = [
      '-v',
      `${folder}:/source:ro`,
      '-w',
      '/source',
      '--user',
      '1000:1000',
      '--cap-drop=ALL',
      '--entrypoint',
      'sh',
    ];
    const ended = await inImage(options, '-c', script);
    expect(ended.code).toBe(0);
    expect(only(messages(ended), 'RECORD').length).toBeGreaterThan(100);
  });

  describe('the heap', () => {
    const ask = `--import=data:text/javascript,process.stderr.write(String(process.getBuiltinModule('v8').getHeapStatistics().heap_size_limit))`;
    const limitMb = async (...options: string[]): Promise<number> => {
      const { stderr } = await inImage(['-e', `NODE_OPTIONS=${ask}`, ...options], '--version');
      return Number(stderr) / 1024 ** 2;
    };

    test.each(['1000', '4321'])('is three quarters of the memory limit (user %s)', async (user) => {
      const [small, large] = [
        await limitMb('--memory', '256m', '--user', user),
        await limitMb('--memory', '1g', '--user', user),
      ];
      expect(small).toBeGreaterThanOrEqual(192);
      expect(small).toBeLessThan(256);
      expect(large).toBeGreaterThanOrEqual(768);
      expect(large).toBeLessThan(1024);
    });

    test('is left to Node without a limit, and to the user who sets it', async () => {
      expect(await limitMb()).toBeGreaterThan(1024);
      expect(await limitMb('--memory', '256m', '-e', `NODE_OPTIONS=--max-old-space-size=100 ${ask}`)).toBeLessThan(192);
    });
  });

  test('100,000 rows pass through 256 MB', async () => {
    const large = await startSimulator({ scale: 100, tables: { 'candidate.list': 100_000 } });
    const catalog = {
      streams: [{ stream: { name: 'candidates' }, sync_mode: 'incremental', destination_sync_mode: 'append' }],
    };
    writeFileSync(join(folder, 'candidates.json'), JSON.stringify(catalog));
    writeFileSync(
      join(folder, 'large.json'),
      JSON.stringify({ api_key: large.keys.full, requests_per_minute: 1_000_000 }),
    );
    const options = ['--memory', '256m', '-e', `ASHBY_BASE_URL=${large.url}`, '--entrypoint', 'sh'];
    const command =
      '/airbyte/bin/container-entrypoint read --config /data/large.json --catalog /data/candidates.json >/tmp/out; code=$?; grep -c \'"type":"RECORD"\' /tmp/out; exit $code';
    const { code, stdout } = await inImage(options, '-c', command);
    await large.close();
    expect([code, stdout.trim()]).toEqual([0, '100000']);
  });

  test('ends soon after docker stop, with 143', async () => {
    simulator.fault({ kind: 'hang', endpoint: 'candidate.list', times: Infinity });
    const name = `${IMAGE}-${process.pid}`;
    await docker(
      ...[
        'run',
        '-d',
        '--name',
        name,
        '--network=host',
        '-e',
        `ASHBY_BASE_URL=${simulator.url}`,
        '-v',
        `${folder}:/data:ro`,
      ],
      ...[IMAGE, 'read', '--config', '/data/config.json', '--catalog', '/data/small.json'],
    );
    try {
      const started = async (): Promise<boolean> => (await docker('logs', name)).stdout.includes('"STARTED"');
      while (!(await started())) await new Promise((resolve) => setTimeout(resolve, 100));
      const before = Date.now();
      await docker('stop', '-t', '30', name);
      expect(Date.now() - before).toBeLessThan(10_000);
      const [{ State }] = JSON.parse((await docker('inspect', name)).stdout);
      expect(State).toMatchObject({ ExitCode: 143, OOMKilled: false });
    } finally {
      simulator.clearFaults();
      await docker('rm', '--force', name);
    }
  });

  test('a configuration that the user may not read is named, with what to do', async () => {
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    writeFileSync(join(folder, 'closed', 'config.json'), '{}', { mode: 0o600 });
    const options = ['--user', '4321'];
    const check = await inImage(options, 'check', '--config', '/data/closed/config.json');
    expect(check.code).toBe(0);
    expect(only(messages(check), 'CONNECTION_STATUS')[0]?.['connectionStatus']).toMatchObject({
      status: 'FAILED',
      message: expect.stringMatching(/\/data\/closed\/config\.json, may not be read by the user.*--user/),
    });
    const reading = await inImage(
      options,
      'read',
      '--config',
      '/data/closed/config.json',
      '--catalog',
      '/data/small.json',
    );
    expect(reading.code).toBe(1);
    expect(only(messages(reading), 'TRACE')).toMatchObject([{ trace: { error: { failure_type: 'config_error' } } }]);
    const missing = await inImage([], 'check', '--config', '/data/nothing.json');
    expect(only(messages(missing), 'CONNECTION_STATUS')[0]?.['connectionStatus'].message).toMatch(
      /does not exist.*mounted/,
    );
  });
});
