import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Interrupted } from './errors.ts';
import { readJsonFile, type FileOption } from './files.ts';
import { FakeClock } from './testing/fake-clock.ts';

let folder: string;
let files = 0;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'source-ashby-files-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array): string {
  const path = join(folder, `${++files}.json`);
  writeFileSync(path, content);
  return path;
}

function pipe(): string {
  const path = join(folder, `pipe-${++files}`);
  execFileSync('mkfifo', [path]);
  return path;
}

const read = (path: string, option: FileOption = '--config', signal = new AbortController().signal) =>
  readJsonFile(path, { option, clock: new FakeClock(), signal });

const refused = (message: RegExp) =>
  expect.objectContaining({ failureType: 'config_error', message: expect.stringMatching(message) as unknown });

test('JSON is read, with a byte order mark or without', async () => {
  expect(await read(file('{"a": "é\\""}'))).toEqual({ a: 'é"' });
  expect(await read(file('\ufeff[1]'))).toEqual([1]);
});

test.each<[string, string | Uint8Array, RegExp]>([
  ['nothing', '', /is not JSON/],
  ['half an object', '{"api_key": "abc"', /is not JSON/],
  ['Latin-1', Buffer.from('{"a":"é"}', 'latin1'), /UTF-8/],
  ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le'), /UTF-8/],
  ['brackets without end', '['.repeat(100_000), /nested more than 200 levels/],
  ['a deep value', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /nested more than 200 levels/],
  ['a deep object', `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`, /nested more than 200 levels/],
  ['more than a form can hold', `"${'x'.repeat(1_000_001)}"`, /larger than 1 MB/],
  ['lines of JSON', '{"a":1}\n{"b":2}\n', /more than one JSON value/],
])('a file with %s is refused in a sentence that names it', async (_what, content, message) => {
  const path = file(content);
  await expect(read(path)).rejects.toEqual(refused(message));
  await expect(read(path)).rejects.toEqual(refused(new RegExp(`^The file given with --config, ${path}, `)));
});

test('brackets inside texts are no nesting', async () => {
  const text = `\\"${'['.repeat(1_000)}\\\\`;
  expect(await read(file(`{"a":["${text}"]}`))).toEqual({ a: [JSON.parse(`"${text}"`)] });
});

test.each<[FileOption, RegExp]>([
  ['--catalog', /output of discover/],
  ['--state', /output of read/],
])('a whole output given with %s is told as such', async (option, message) => {
  await expect(read(file('{"type":"LOG"}\n{"type":"CATALOG"}\n'), option)).rejects.toEqual(refused(message));
});

test('a catalog may be larger than a form', async () => {
  const text = 'x'.repeat(2_000_000);
  expect(await read(file(JSON.stringify([text])), '--catalog')).toEqual([text]);
});

test.each([
  ['does not exist', () => join(folder, 'absent'), /does not exist/],
  ['lies below a file', () => join(file('1'), 'x'), /does not exist/],
  ['is a folder', () => folder, /is a folder/],
  ['is a device without end', () => '/dev/zero', /larger than 1 MB/],
  ['is empty by nature', () => '/dev/null', /is not JSON/],
  ['has a name with NUL', () => 'a\0b', /cannot be read/],
])('what %s is refused', async (_what, path, message) => {
  await expect(read(path())).rejects.toEqual(refused(message));
});

test.each(['{"api_key":"made-up-key"}', 'x'.repeat(5_000), 'h21uymtveubenazib5l7bf2az7wk7n7p5ylyugtqhn1v4o2dcfal0n32'])(
  'what looks like a secret is not repeated: %.30s',
  async (value) => {
    await expect(read(value)).rejects.toEqual(refused(/^The value given with --config is not the path/));
  },
);

describe('a named pipe', () => {
  test('that nobody writes to is given up', async () => {
    await expect(read(pipe())).rejects.toEqual(refused(/brought nothing for 20 s/));
  });

  test('that somebody holds open and never writes to is given up', async () => {
    const path = pipe();
    const writer = await open(path, 'r+');
    await expect(read(path)).rejects.toEqual(refused(/brought nothing for 20 s/));
    await writer.close();
  });

  test('that never ends is given up', async () => {
    const path = pipe();
    const writer = spawn('sh', ['-c', 'exec yes >"$0"', path], { stdio: 'ignore' });
    const gone = new Promise((resolve) => writer.once('close', resolve));
    await expect(read(path)).rejects.toEqual(refused(/larger than 1 MB/));
    await gone; // by SIGPIPE, once the pipe was closed
  });

  test('that is filled late is read', async () => {
    const path = pipe();
    const clock = new FakeClock();
    let looks = 0;
    const late = {
      elapsed: () => clock.elapsed(),
      sleep: async (ms: number) => {
        await clock.sleep(ms);
        if (++looks === 3) await writeLate(path);
      },
    };
    const signal = new AbortController().signal;
    expect(await readJsonFile(path, { option: '--config', clock: late, signal })).toEqual({ a: 1 });
  });

  test('is not waited for when the run is told to stop', async () => {
    const stop = new AbortController();
    const clock = { elapsed: () => 0, sleep: () => (stop.abort(), Promise.reject(new Interrupted())) };
    await expect(readJsonFile(pipe(), { option: '--config', clock, signal: stop.signal })).rejects.toBeInstanceOf(
      Interrupted,
    );
  });
});

/** Opens the pipe, writes and leaves, while its reader is there. */
async function writeLate(path: string): Promise<void> {
  const writer = await open(path, 'w');
  await writer.write('{"a":1}');
  await writer.close();
}

test('whatever bytes a file holds, they are read as JSON or refused with a config_error', async () => {
  const nearlyJson = fc.tuple(fc.json(), fc.nat(), fc.integer({ min: 0, max: 255 })).map(([json, at, byte]) => {
    const bytes = Buffer.from(json);
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 100 }), nearlyJson), async (bytes) => {
      const given = await read(file(bytes)).catch((error: unknown) => ({ error }));
      const refusal = (given as { error?: unknown } | null)?.error;
      if (refusal instanceof Error) expect(refusal).toEqual(refused(/^The file given with --config, .*\.$/));
    }),
  );
});
