import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
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
  writer.line('a');
  writer.line('b');
  expect(chunks).toEqual([]);
  await writer.flush();
  expect(chunks).toEqual(['a\nb\n']);
});

test('a reader that does not take holds the writers up until it does', async () => {
  const { out, chunks, take } = slowReader();
  const writer = new LineWriter(out);
  expect(writer.ready()).toBeUndefined();
  writer.line('x'.repeat(70_000));
  const ready = writer.ready();
  expect(ready).toBeInstanceOf(Promise);
  // A large line leaves in two pieces; the way is free behind the last.
  for (const taken of [1, 2]) {
    expect(chunks).toHaveLength(taken);
    expect(writer.ready()).toBe(ready);
    take();
    await new Promise((resolve) => setImmediate(resolve));
  }
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
  const lines = Array.from({ length: 5_000 }, (_, n) => `${n} ${n % 97 === 0 ? '€😀'.repeat(20_000) : 'é'.repeat(40)}`);
  for (const line of lines) {
    const bytes = Buffer.from(line);
    const head = line.slice(0, 3);
    writer.line(head, { bytes, from: Buffer.byteLength(head), to: bytes.length });
    await writer.ready();
  }
  await writer.flush();
  expect(chunks.join('') === lines.map((line) => `${line}\n`).join('')).toBe(true); // a difference would fill the screen
});

test('after the reader has gone away nobody waits', async () => {
  const { out } = slowReader();
  const writer = new LineWriter(out);
  writer.line('x'.repeat(70_000));
  const ready = writer.ready();
  writer.close();
  await ready;
  writer.line('more');
  await writer.flush();
});

/** Takes everything at once. */
function eagerReader() {
  const chunks: Buffer[] = [];
  const out = new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), done()) });
  return { out, text: () => Buffer.concat(chunks).toString() };
}

test('a line of texts and bytes is written with its line feed, whatever its size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(
          fc.record({
            text: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('€'.repeat(30_000))),
            asBytes: fc.boolean(),
          }),
        ),
      ),
      async (lines) => {
        const { out, text } = eagerReader();
        const writer = new LineWriter(out);
        for (const parts of lines) {
          writer.line(
            ...parts.map((part) => {
              if (!part.asBytes) return part.text;
              const bytes = Buffer.from(`<${part.text}>`);
              return { bytes, from: 1, to: bytes.length - 1 };
            }),
          );
        }
        await writer.flush();
        const expected = lines.map((parts) => `${parts.map((part) => part.text).join('')}\n`).join('');
        expect(text() === expected).toBe(true);
      },
    ),
    { numRuns: 20 },
  );
});

test('a line that cannot be made leaves nothing behind, and the next one is whole', async () => {
  const { out, text } = eagerReader();
  const writer = new LineWriter(out);
  const refused = (): string => {
    throw new Error('nested too deeply');
  };
  const large = 'x'.repeat(70_000);
  // Stands in for memory that runs out in the middle of a large line.
  const broken = Object.defineProperty({ bytes: Buffer.alloc(0), from: 0, to: 0 }, 'bytes', { get: refused });
  writer.line('before');
  expect(() => writer.line('head', refused(), 'tail')).toThrow('nested too deeply');
  expect(() => writer.line('head', large, broken)).toThrow('nested too deeply');
  expect(() => writer.line('head', broken)).toThrow('nested too deeply');
  writer.line('after');
  await writer.flush();
  expect(text()).toBe('before\nafter\n');
});

test('after the reader has gone away lines are dropped', async () => {
  const { out, text } = eagerReader();
  const writer = new LineWriter(out);
  writer.close();
  writer.line('more');
  await writer.flush();
  expect(text()).toBe('');
});

test('a flush is over only behind the error of a stream that fails', async () => {
  const events: string[] = [];
  const out = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the disk is full')) });
  out.on('error', () => events.push('error'));
  const writer = new LineWriter(out);
  writer.line('lost');
  await writer.flush();
  events.push('flushed');
  expect(events).toEqual(['error', 'flushed']);
});
