import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { LineWriter } from './writer.ts';

/** A reader that takes a chunk only when told to. */
function slowReader() {
  const chunks: string[] = [];
  let take: (() => void) | undefined;
  const out = new Writable({
    highWaterMark: 1024,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      take = done;
    },
  });
  return { out, chunks, take: () => take?.() };
}

test('small lines leave together', async () => {
  const chunks: string[] = [];
  const out = new Writable({
    write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk.toString()), done()),
  });
  const writer = new LineWriter(out);
  writer.write('a\n');
  writer.write('b\n');
  expect(chunks).toEqual([]);
  await writer.flush();
  expect(chunks).toEqual(['a\nb\n']);
});

test('a reader that does not take holds the writers up until it does', async () => {
  const { out, take } = slowReader();
  const writer = new LineWriter(out);
  expect(writer.ready()).toBeUndefined();
  writer.write(`${'x'.repeat(70_000)}\n`);
  const ready = writer.ready();
  expect(ready).toBeInstanceOf(Promise);
  take();
  await ready;
  expect(writer.ready()).toBeUndefined();
});

test('nothing is lost and order is kept, however slowly it is taken', async () => {
  const chunks: string[] = [];
  const out = new Writable({
    highWaterMark: 16,
    write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk.toString()), setImmediate(done)),
  });
  const writer = new LineWriter(out);
  const lines = Array.from(
    { length: 5_000 },
    (_, n) => `${n} ${n % 97 === 0 ? '€😀'.repeat(20_000) : 'é'.repeat(40)}\n`,
  );
  for (const line of lines) {
    const bytes = Buffer.from(line);
    writer.write(line.slice(0, 3));
    writer.copy(bytes, Buffer.byteLength(line.slice(0, 3)), bytes.length);
    await writer.ready();
  }
  await writer.flush();
  expect(chunks.join('') === lines.join('')).toBe(true); // a difference would fill the screen
});

test('after the reader has gone away nobody waits', async () => {
  const { out } = slowReader();
  const writer = new LineWriter(out);
  writer.write(`${'x'.repeat(70_000)}\n`);
  const ready = writer.ready();
  writer.close();
  await ready;
  writer.write('more\n');
  await writer.flush();
});
