import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { RowFile } from './row-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-ashby-rows-'));
});

const open = (replaces: boolean): RowFile =>
  new RowFile({
    folder,
    table: 'jobs',
    replaces,
    onFailure: (failure) => {
      throw failure;
    },
  });
const text = (): string => readFileSync(join(folder, 'jobs.jsonl'), 'utf8');
function write(file: RowFile, row: object, suffix = ''): void {
  const bytes = Buffer.from(JSON.stringify(row));
  file.write({ json: { bytes, from: 0, to: bytes.length }, suffix, emittedAt: 0 });
}

test('rows are added to the file of an incremental table, with what is added to them', async () => {
  for (const id of ['a', 'b']) {
    const file = open(false);
    write(file, { id }, '"stamp":1');
    await file.end();
  }
  expect(text()).toBe('{"id":"a","stamp":1}\n{"id":"b","stamp":1}\n');
});

test.each([
  ['half a row', '{"id":"a"}\n{"id":"hal', '{"id":"a"}\n'],
  ['half a row and nothing before it', '{"id":"hal', ''],
  ['a row without its line feed', '{"id":"a"}', '{"id":"a"}\n'],
  ['a long half row', `{"id":"a"}\n{"id":"${'x'.repeat(200_000)}`, '{"id":"a"}\n'],
  ['half a letter', Buffer.concat([Buffer.from('{"id":"a"}\n{"n":"'), Buffer.from([0xc3])]), '{"id":"a"}\n'],
])('%s at the end of a file is mended, and no whole row is touched', async (_name, left, kept) => {
  writeFileSync(join(folder, 'jobs.jsonl'), left);
  const file = open(false);
  write(file, { id: 'new' });
  await file.end();
  expect(text()).toBe(`${kept}{"id":"new"}\n`);
});

test('the file of a table that is read whole keeps the last whole reading until the next is complete', async () => {
  writeFileSync(join(folder, 'jobs.jsonl'), '{"id":"old"}\n');
  const cutOff = open(true);
  write(cutOff, { id: 'half' });
  await cutOff.settle();
  await cutOff.end();
  expect(text()).toBe('{"id":"old"}\n');
  expect(existsSync(join(folder, 'jobs.jsonl.part'))).toBe(false);

  const whole = open(true);
  write(whole, { id: 'new' });
  whole.finish();
  await whole.settle();
  expect(text()).toBe('{"id":"new"}\n');
  await whole.end();
});

test('a table without rows leaves an empty file', async () => {
  writeFileSync(join(folder, 'jobs.jsonl'), '{"id":"old"}\n');
  const file = open(true);
  file.finish();
  await file.end();
  expect(text()).toBe('');
});

test('a file that cannot be opened is a sentence that names it', () => {
  folder = join(folder, 'gone');
  expect(() => open(false)).toThrow(/jobs\.jsonl cannot be written: its folder does not exist/);
});
