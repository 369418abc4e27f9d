import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bench } from './support/bench.ts';
import { catalogOf } from './support/catalog.ts';

/* What people and platforms give: files that are none, forms with slips, keys in the wrong place. */

const KEY = 'h21uymtveubenazib5l7bf2az7wk7n7p';

let bench: Bench;
let good: { config: string; catalog: string };
beforeAll(async () => {
  bench = await Bench.start({ scale: 20 });
  good = { config: await bench.file(bench.config), catalog: await bench.file(catalogOf(['brands'])) };
});
afterAll(() => bench.stop());

/** Everything that a text or a run could give away of a key. */
function leaks(text: string, key: string): boolean {
  const forms = [key, Buffer.from(key).toString('base64').replace(/=+$/, ''), Buffer.from(key).toString('hex')];
  return forms.some((form) => text.includes(form));
}

describe('a key in the wrong place is not repeated', () => {
  test.each<[string, string[]]>([
    ['the form in place of its file', ['check', '--config', `{"api_key":"${KEY}"}`]],
    ['the key in place of the file', ['check', '--config', KEY]],
    ['the form in place of its file, with =', ['discover', `--config={"api_key": "${KEY}"}`]],
    ['the key as an option', ['check', '--config', 'x', '--api_key', KEY]],
    ['the key as an option, with =', ['check', '--config', 'x', `--api-key=${KEY}`]],
    ['the key as a part of an option', ['check', `--config.api_key=${KEY}`]],
    ['the key as a word', ['check', KEY]],
    ['the key as a command', [KEY]],
    ['the form as a command', [`{"api_key":"${KEY}"}`]],
    ['the key as the name of an option', ['check', `--${KEY}`]],
    ['an assignment', ['discover', `ASHBY_API_KEY=${KEY}`]],
  ])('%s', async (_case, args) => {
    const { stdout, stderr, code, out } = await bench.run(args);
    expect(stderr).toBe('');
    expect(leaks(stdout, KEY)).toBe(false);
    const said = out.connectionStatuses().length === 1 ? out.connectionStatuses() : out.errors();
    expect({ code, said }).toEqual({
      code: out.errors().length,
      said: [expect.objectContaining({ message: expect.stringMatching(/^The (value|command line|file) .*\.$/s) })],
    });
  });

  test('the password of a proxy', async () => {
    const proxy = 'http://somebody:made-up-pass%2Fword@127.0.0.1:9';
    const env = { ASHBY_BASE_URL: '', HTTPS_PROXY: proxy, https_proxy: proxy };
    // The words of the command line are the nearest place from which a sentence can quote it.
    const { stdout, out } = await bench.run(['discover', '--config', 'made-up-pass/word'], { env });
    expect(out.errors()).toHaveLength(1);
    expect(stdout).not.toMatch(/made-up-pass(%2F|\/)word/);
  });
});

describe('a pipe in place of a file', () => {
  test('that nobody writes to does not hold up a signal, nor the end of the process', async () => {
    const path = join(bench.folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const ended = await bench.run(['check', '--config', path], {
      reader: (child) => setTimeout(() => child.kill('SIGTERM'), 1_000),
    });
    expect({ signal: ended.signal, stdout: ended.stdout, stderr: ended.stderr }).toEqual({
      signal: 'SIGTERM',
      stdout: '',
      stderr: '',
    });
  });

  test('is given up at last where nobody writes', async () => {
    const path = join(bench.folder, 'pipe-here');
    execFileSync('mkfifo', [path]);
    const { ending, out } = await bench.commandHere(['check', '--config', path]);
    expect(ending).toEqual({ exitCode: 0 });
    expect(out.connectionStatuses()).toEqual([
      { status: 'FAILED', message: expect.stringContaining('nobody writes to') },
    ]);
  });
});

describe('slips in the form', () => {
  test.each([
    ['empty texts', { start_date: '', requests_per_minute: '' }],
    ['a number as a text', { requests_per_minute: '500' }],
  ])('%s are taken as they are meant', async (_case, fields) => {
    const { out } = await bench.command('check', { ...bench.config, ...fields });
    expect(out.connectionStatuses()[0]?.status).toBe('SUCCEEDED');
  });

  test.each([
    ['a misspelt field', { 'start-date': '2024-01-01' }, /Is "start_date" meant/],
    ['a date in the future', { start_date: '2134-01-01' }, /in the future/],
  ])('%s is a WARN, in check and in read', async (_case, fields, sentence) => {
    const checked = await bench.command('check', { ...bench.config, ...fields });
    expect(checked.out.logs('WARN')).toContainEqual(expect.stringMatching(sentence));
    const { code, out } = await bench.read({ streams: ['brands'], config: fields });
    expect(code).toBe(0);
    expect(out.logs('WARN')).toContainEqual(expect.stringMatching(sentence));
  });

  test.each([
    ['in quotes', (key: string) => `"${key}"`, /quotation marks/],
    ['endless', (key: string) => key.repeat(100), /characters/],
  ])('a key %s is refused before Ashby is asked, and not repeated', async (_case, spoil, sentence) => {
    bench.sim.clearRequests();
    const { code, stdout, out } = await bench.command('check', { api_key: spoil(bench.sim.keys.full) });
    expect({ code, statuses: out.connectionStatuses() }).toEqual({
      code: 0,
      statuses: [{ status: 'FAILED', message: expect.stringMatching(sentence) }],
    });
    expect(leaks(stdout, bench.sim.keys.full)).toBe(false);
    expect(bench.sim.requests()).toEqual([]);
  });

  test('a form that may not be read by this user earns no advice to open it to everybody', async () => {
    if (process.getuid?.() === 0) return; // root reads everything
    const path = await bench.file(bench.config);
    await chmod(path, 0o000);
    const { out } = await bench.run(['check', '--config', path]);
    expect(out.connectionStatuses()[0]?.message).toMatch(/may not be read by the user/);
    expect(out.connectionStatuses()[0]?.message).not.toContain('chmod');
  });
});

describe('what discover prints, given as the catalog', () => {
  test.each<[string, (lines: readonly string[], catalog: unknown) => unknown, RegExp]>([
    ['whole', (lines) => `${lines.join('\n')}\n${lines.join('\n')}\n`, /output of discover/],
    [
      'its CATALOG line',
      (lines) => lines.find((line) => line.includes('"CATALOG"')),
      /CATALOG message that discover prints/,
    ],
    ['its catalog', (_lines, catalog) => catalog, /as discover prints them/],
  ])('%s is told as such', async (_case, content, sentence) => {
    const { out } = await bench.command('discover');
    const catalog = out.messages.find((message) => message.catalog)?.catalog;
    const path = await bench.file(content(out.lines, catalog));
    const read = await bench.run(['read', '--config', good.config, '--catalog', path]);
    expect(read.code).toBe(1);
    expect(read.out.errors()).toEqual([
      expect.objectContaining({ failure_type: 'config_error', message: expect.stringMatching(sentence) }),
    ]);
  });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', ASHBY_BASE_URL: 'https://ashby.invalid' };

  test('is refused before anything is sent', async () => {
    const { code, stderr, out } = await bench.command('check', bench.config, { env });
    expect({ code, stderr, statuses: out.connectionStatuses() }).toEqual({
      code: 0,
      stderr: '',
      statuses: [{ status: 'FAILED', message: expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED') }],
    });
    const read = await bench.read({ streams: ['brands'] }, { env });
    expect(read.code).toBe(1);
    expect(read.out.errors()).toEqual([expect.objectContaining({ failure_type: 'config_error' })]);
  });

  test('does no harm where requests stay on this machine', async () => {
    const more = { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } };
    const { out, stderr } = await bench.command('check', bench.config, more);
    expect({ stderr, status: out.connectionStatuses()[0]?.status }).toEqual({ stderr: '', status: 'SUCCEEDED' });
  });
});

test('whatever is given as form, catalog or state, the answer is one sentence or a read', async () => {
  const valid = { config: bench.config, catalog: catalogOf(['brands']), state: [] as unknown };
  const name = fc.constantFrom(
    'streams',
    'stream',
    'name',
    'sync_mode',
    'api_key',
    'type',
    'global',
    'stream_state',
    '__proto__',
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.object({ key: name, maxDepth: 5, values: [fc.string(), fc.nat(), fc.constant(null)] }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('config', 'catalog', 'state'), value, async (which, spoilt) => {
      const given = { ...valid, [which]: spoilt };
      const paths = await Promise.all([given.config, given.catalog, given.state].map((part) => bench.file(part)));
      const args = ['--config', '--catalog', '--state'].flatMap((option, index) => [option, paths[index] ?? '']);
      const { ending, out } = await bench.commandHere(['read', ...args]);
      const types = out.errors().map(({ failure_type }) => failure_type);
      expect(types.filter((type) => type !== 'config_error')).toEqual([]);
      expect(ending).toEqual({ exitCode: types.length === 0 ? 0 : 1 });
    }),
    { numRuns: 60 },
  );
});
