import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Bench } from '../support/bench.ts';
import { compareFile, linesOf, runFile, savedStates } from '../support/folder.ts';
import { PROGRAM, type Ended } from '../support/process.ts';
import { brokenRules } from '../support/transcript.ts';
import { ALL_STREAMS, SAME, truthOf } from '../support/truth.ts';

/* `read` with docker alone: no catalog, files and states kept by the process, the key from the environment. */

let bench: Bench;
let config: string;
let folders = 0;
beforeAll(async () => {
  bench = await Bench.start({ scale: 20 });
  config = await bench.file(bench.config);
});
afterEach(() => bench.sim.clearFaults());
afterAll(() => bench.stop());

function folder(): string {
  const path = join(bench.folder, `kept-${++folders}`);
  mkdirSync(path);
  return path;
}

test('with a key alone it reads every table that the key can read, incrementally where there is a choice', async () => {
  const { code, stderr, out } = await bench.run(['read', '--config', config]);
  expect({ code, stderr, broken: brokenRules(out) }).toEqual({ code: 0, stderr: '', broken: [] });
  expect(Object.keys(out.endings()).sort()).toEqual([...ALL_STREAMS].sort());
  expect(out.statesOf('jobs').at(-1)?.stream.stream_state).toMatchObject({
    lists: { all: { place: { kind: 'changes' } } },
  });
});

test('tables that the key may not read are left out, and said', async () => {
  const key = bench.sim.addKey({ permissions: ['jobsRead', 'apiKeysRead'] });
  const { code, out } = await bench.run(['read', '--config', await bench.file({ ...bench.config, api_key: key })]);
  expect(code).toBe(0);
  expect(Object.keys(out.endings())).toEqual(expect.arrayContaining(['jobs', 'openings']));
  expect(Object.keys(out.endings())).not.toContain('candidates');
  expect(out.logs('WARN').join('\n')).toContain('lacks "Candidates: Read"');
});

test.each<[string, string[], string[]]>([
  ['--streams names them', ['--streams', 'jobs, brands'], ['brands', 'jobs']],
  ['--exclude takes from what was named', ['--streams', 'jobs,brands', '--exclude', 'jobs'], ['brands']],
])('%s', async (_name, words, expected) => {
  bench.sim.clearRequests();
  const { ending, out } = await bench.commandHere(['read', '--config', config, ...words]);
  expect(ending).toEqual({ exitCode: 0 });
  expect(Object.keys(out.endings()).sort()).toEqual(expected);
  // What the key can read was asked by nobody.
  expect(new Set(bench.sim.requests().map(({ endpoint }) => endpoint)).size).toBe(expected.length);
});

test('--exclude alone leaves tables out of everything', async () => {
  const { out } = await bench.commandHere(['read', '--config', config, '--exclude', 'audit_log,candidates']);
  const left = ALL_STREAMS.filter((name) => name !== 'audit_log' && name !== 'candidates');
  expect(Object.keys(out.endings()).sort()).toEqual([...left].sort());
});

test.each<[string, string[], RegExp]>([
  ['a table that does not exist', ['--streams', 'jobs,nothings'], /--streams names "nothings"/],
  ['a table to leave out that does not exist', ['--exclude', 'nothings'], /--exclude names "nothings"/],
  ['nothing that is left', ['--streams', 'jobs', '--exclude', 'jobs'], /No table is left/],
  ['tables beside a catalog', ['--catalog', 'c.json', '--streams', 'jobs'], /leave out one or the other/],
  ['a state in a pipe', ['--streams', 'jobs', '--save-state', 's.json'], /Add --out DIR/],
])('%s is refused with a sentence', async (_name, words, expected) => {
  const { ending, out } = await bench.commandHere(['read', '--config', config, ...words]);
  expect(ending).toEqual({ exitCode: 1 });
  expect(out.errors().map(({ message }) => message)).toEqual([expect.stringMatching(expected)]);
});

test('the state may not be saved over the configuration', async () => {
  const { out } = await bench.commandHere(['read', '--config', config, '--save-state', config]);
  expect(out.errors()[0]?.message).toContain('overwrite');
});

test('the key comes from the environment, where no form has one', async () => {
  const env = { ASHBY_API_KEY: bench.sim.keys.full };
  const alone = await bench.run(['read', '--streams', 'brands'], { env });
  expect({ code: alone.code, endings: alone.out.endings() }).toEqual({ code: 0, endings: { brands: 'COMPLETE' } });
  const form = await bench.file({ requests_per_minute: 100_000 });
  expect((await bench.run(['check', '--config', form], { env })).out.connectionStatuses()).toEqual([
    { status: 'SUCCEEDED', message: expect.any(String) },
  ]);
  // The form counts where it has a key.
  const wrong = await bench.run(['check', '--config', config], { env: { ASHBY_API_KEY: 'another-key-0123' } });
  expect(wrong.out.connectionStatuses()).toEqual([{ status: 'SUCCEEDED', message: expect.any(String) }]);
});

test('without a key anywhere it says both ways to give one', async () => {
  const { code, out } = await bench.run(['read']);
  expect(code).toBe(1);
  expect(out.errors()[0]?.message).toMatch(/--config FILE.*ASHBY_API_KEY/);
});

const keep = (path: string, ...words: string[]): Promise<Ended> =>
  bench.run([
    ...['read', '--config', config, '--out', join(path, 'rows')],
    ...['--state', join(path, 'state.json'), '--save-state', join(path, 'state.json'), ...words],
  ]);

test('--out and --save-state: the same command again reads only what changed', async () => {
  const path = folder();
  const rows = join(path, 'rows');
  const first = await keep(path);
  expect({ code: first.code, stdout: first.stdout }).toEqual({ code: 0, stdout: '' });
  for (const name of ALL_STREAMS) {
    expect([name, compareFile(rows, name, truthOf(bench.sim, name))]).toEqual([name, SAME]);
    expect(existsSync(join(rows, `${name}.jsonl`))).toBe(true);
  }
  const before = linesOf(rows, 'candidates').length;
  const [changed] = bench.sim.change('candidate.list', { count: 1 });
  const second = await keep(path);
  expect(second.code).toBe(0);
  const added = linesOf(rows, 'candidates').slice(before);
  expect(added.map(({ id }) => id)).toEqual([changed]);
  for (const name of ALL_STREAMS) {
    expect([name, compareFile(rows, name, truthOf(bench.sim, name))]).toEqual([name, SAME]);
  }
  const { tables, ...report } = runFile(rows);
  expect(report).toMatchObject({ status: 'complete', failed: [] });
  expect(tables['candidates']).toMatchObject({
    status: 'complete',
    rows: 1,
    requests: 1,
    fresh_as_of: report.began_at,
  });
});

test('a table that fails keeps its file, its state and its freshness, and run.json says why', async () => {
  const path = folder();
  const rows = join(path, 'rows');
  const words = ['--streams', 'brands,users,jobs'];
  await keep(path, ...words);
  const before = { run: runFile(rows), states: savedStates(join(path, 'state.json')), brands: linesOf(rows, 'brands') };
  bench.sim.fault({ kind: 'status', status: 400, body: '{}', endpoint: 'brand.list', times: Infinity } as never);
  bench.sim.fault({ kind: 'status', status: 400, body: '{}', endpoint: 'user.list', times: Infinity } as never);
  const { code, stdout, stderr } = await keep(path, ...words);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z ERROR users: /m);
  const after = runFile(rows);
  expect(after.status).toBe('failed');
  expect(after.failed.map(({ table }) => table).sort()).toEqual(['brands', 'users']);
  for (const name of ['brands', 'users']) {
    expect(after.tables[name]).toMatchObject({ status: 'failed', rows: 0, fresh_as_of: before.run.began_at });
  }
  expect(after.tables['jobs']).toMatchObject({ status: 'complete', fresh_as_of: after.began_at });
  expect(linesOf(rows, 'brands')).toEqual(before.brands);
  const stateOf = (states: typeof before.states, name: string): unknown =>
    states.find(({ stream }) => stream.stream_descriptor.name === name);
  const states = savedStates(join(path, 'state.json'));
  expect(states).toHaveLength(3);
  expect(stateOf(states, 'users')).toEqual(stateOf(before.states, 'users'));
});

test('a wrong key is one sentence on standard error, and in run.json', async () => {
  const path = folder();
  const wrong = await bench.file({ ...bench.config, api_key: '0'.repeat(64) });
  const { code, stdout, stderr } = await bench.run(['read', '--config', wrong, '--out', path]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.split('\n').filter((line) => line.includes(' ERROR '))).toHaveLength(1);
  expect(runFile(path)).toMatchObject({ status: 'failed', failed: [{ table: null, failure_type: 'config_error' }] });
});

test('states go to --save-state also beside messages in a file, behind the rows that they cover', async () => {
  const path = folder();
  const [messages, state] = [join(path, 'messages.jsonl'), join(path, 'state.json')];
  const words = ['read', '--config', config, '--streams', 'jobs,brands', '--state', state, '--save-state', state];
  const shell = `exec "$@" > ${messages}`;
  const env = { ...bench.env, PATH: process.env['PATH'] };
  const child = spawn('sh', ['-c', shell, 'sh', process.execPath, PROGRAM, ...words], { env });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(0);
  const printed = readFileSync(messages, 'utf8').trim().split('\n');
  const last = printed.map((line) => JSON.parse(line) as { type: string; state?: object }).filter(({ state: s }) => s);
  expect(savedStates(state).map(({ stream }) => stream)).toEqual(
    last.map((message) => expect.objectContaining((message.state as { stream: object }).stream)),
  );
});

test.each<[string, (path: string) => string[], RegExp]>([
  ['a folder that is a file', (path) => ['--out', join(path, 'file')], /--out.*another kind/],
  ['a folder below a file', (path) => ['--out', join(path, 'file', 'rows')], /--out.*is a file/],
  [
    'a state in a folder that is missing',
    (path) => ['--out', path, '--save-state', join(path, 'no', 's.json')],
    /--save-state.*folder does not exist/,
  ],
  ['a state that is a folder', (path) => ['--out', path, '--save-state', path], /--save-state.*cannot be written/],
])('%s is refused before anything is read', async (_name, words, expected) => {
  const path = folder();
  writeFileSync(join(path, 'file'), '');
  bench.sim.clearRequests();
  const { code, stderr } = await bench.run(['read', '--config', config, '--streams', 'jobs', ...words(path)]);
  expect(code).toBe(1);
  expect(stderr).toMatch(expected);
  expect(bench.sim.requests()).toEqual([]);
});

test('catalog prints what read would take, and read takes it back', async () => {
  const { code, stdout, stderr } = await bench.run(['catalog', '--config', config, '--exclude', 'audit_log']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^Note: ASHBY_BASE_URL[^\n]*\n$/) });
  const { streams } = JSON.parse(stdout) as { streams: { stream: { name: string }; sync_mode: string }[] };
  expect(streams.map(({ stream }) => stream.name).sort()).toEqual(
    ALL_STREAMS.filter((name) => name !== 'audit_log').sort(),
  );
  const two = { streams: streams.filter(({ stream }) => ['jobs', 'brands'].includes(stream.name)) };
  expect(two.streams.map(({ sync_mode }) => sync_mode).sort()).toEqual(['full_refresh', 'incremental']);
  const read = await bench.read({ streams: [], catalog: two });
  expect({ code: read.code, endings: read.out.endings() }).toEqual({
    code: 0,
    endings: { jobs: 'COMPLETE', brands: 'COMPLETE' },
  });
});

test('check --report prints a table for people, and says with its exit code whether the key works', async () => {
  const key = bench.sim.addKey({ permissions: ['jobsRead', 'apiKeysRead'] });
  const good = await bench.run(['check', '--report', '--config', await bench.file({ ...bench.config, api_key: key })]);
  expect(good.code).toBe(0);
  expect(good.stdout).toMatch(/^The API key works\. It can read \d+ of 54 tables\.$/m);
  expect(good.stdout).toMatch(/^Jobs: Read +yes +jobs, /m);
  expect(good.stdout).toMatch(/^Candidates: Read +NO +candidates, /m);
  const wrong = await bench.file({ ...bench.config, api_key: '0'.repeat(64) });
  const bad = await bench.run(['check', '--report', '--config', wrong]);
  expect({ code: bad.code, stdout: bad.stdout }).toEqual({ code: 1, stdout: '' });
  expect(bad.stderr).toMatch(/^[^{]*API key/);
});

test.each<[string, string[], () => Promise<unknown>, number]>([
  ['a good run', ['read', '--streams', 'brands'], () => Promise.resolve(bench.config), 0],
  [
    'a wrong key',
    ['read', '--streams', 'brands'],
    () => Promise.resolve({ ...bench.config, api_key: '0'.repeat(64) }),
    78,
  ],
  ['a check of a wrong key', ['check'], () => Promise.resolve({ ...bench.config, api_key: '0'.repeat(64) }), 78],
  ['a form that is none', ['read', '--streams', 'brands'], () => Promise.resolve([]), 78],
])('--exit-codes detailed: %s ends with its own code', async (_name, words, form, code) => {
  const [command = '', ...more] = words;
  const path = await bench.file(await form());
  const detailed = await bench.commandHere([command, '--config', path, ...more, '--exit-codes', 'detailed']);
  expect(detailed.ending).toEqual({ exitCode: code });
});

test('--exit-codes detailed: an outage ends with 75, and with 1 where nobody asked', async () => {
  bench.sim.fault({ kind: 'status', status: 503, endpoint: 'brand.list', times: Infinity } as never);
  const words = ['read', '--config', config, '--streams', 'brands'];
  expect((await bench.commandHere([...words, '--exit-codes', 'detailed'])).ending).toEqual({ exitCode: 75 });
  expect((await bench.commandHere(words)).ending).toEqual({ exitCode: 1 });
});

/** util-linux's `script` gives the program a terminal for its standard error. */
const hasScript = spawnSync('script', ['--version']).status === 0;
(hasScript ? test : test.skip)('on a terminal it shows how far it has come, and never in a pipe', async () => {
  const path = folder();
  const words = ['read', '--config', config, '--streams', 'jobs,application_history', '--out', join(path, 'rows')];
  const quoted = [process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', quoted, '/dev/null'], {
    env: { ...bench.env, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(0);
  expect(seen).toMatch(/\r\u001b\[K0 of 2 tables, 0 rows, 0 requests/);
  expect(seen).toMatch(/INFO +jobs: /);

  const piped = await bench.run(['read', '--config', config, '--streams', 'jobs']);
  expect(piped.stderr).toBe('');
  expect((await bench.run([...words, '--exit-codes', 'plain'])).stderr).not.toMatch(/\r|\u001b/);
});
