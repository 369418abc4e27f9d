import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStandardOutput, outputFailure } from './standard-output.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'source-ashby-output-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const nodes = new Writable();

/** Writes texts to a descriptor; resolves with the error, or undefined. */
function write(fd: number, ...texts: string[]): Promise<NodeJS.ErrnoException | undefined> {
  const out = openStandardOutput(() => nodes, fd);
  return new Promise((resolve) => {
    out.once('error', resolve);
    for (const text of texts) out.write(text);
    out.end((error?: Error | null) => resolve(error ?? undefined));
  });
}

test('a file takes everything, also in large pieces', async () => {
  const path = join(folder, 'out');
  const fd = openSync(path, 'w');
  const large = 'é'.repeat(3_000_000);
  expect(await write(fd, 'a\n', large, '\nb\n')).toBeUndefined();
  closeSync(fd);
  expect(readFileSync(path, 'utf8') === `a\n${large}\nb\n`).toBe(true);
});

test('a pipe is left to Node', () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, 'r+');
  expect(openStandardOutput(() => nodes, fd)).toBe(nodes);
  closeSync(fd);
});

describe('what cannot be written is told', () => {
  test.each([
    ['to a full disk', '/dev/full', 'w', 'ENOSPC'],
    ['to the null device in the way that Node opens it for a closed output', '/dev/null', 'r+', 'EBADF'],
  ])('%s', async (_case, path, flags, code) => {
    const fd = openSync(path, flags);
    expect(await write(fd, 'line\n')).toMatchObject({ code });
    closeSync(fd);
  });

  test('to a descriptor that is closed', async () => {
    const fd = openSync('/dev/null', 'w');
    closeSync(fd);
    expect(await write(fd, 'line\n')).toMatchObject({ code: 'EBADF' });
  });
});

test('the null device takes what is discarded on purpose', async () => {
  const fd = openSync('/dev/null', 'w');
  expect(await write(fd, 'line\n')).toBeUndefined();
  closeSync(fd);
});

test.each([
  ['EPIPE', 141, undefined],
  ['ECONNRESET', 141, undefined],
  ['ENOSPC', 1, /disk is full/],
  ['EFBIG', 1, /larger than allowed/],
  ['EBADF', 1, /is closed/],
  ['EIO', 1, /\(EIO\)/],
])('%s ends with %d and %s', (code, exitCode, sentence) => {
  const failure = outputFailure(Object.assign(new Error('made up'), { code }));
  expect(failure.exitCode).toBe(exitCode);
  if (sentence === undefined) expect(failure.sentence).toBeUndefined();
  else expect(failure.sentence).toMatch(sentence);
});
