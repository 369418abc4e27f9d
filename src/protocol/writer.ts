import type { Writable } from 'node:stream';
import type { LinePart, LineSink } from './encode.ts';

/** Lines are encoded into buffers of this size, which leave when they are full. */
const BATCH_BYTES = 64 * 1024;
/** A batch that does not fill up leaves after this long. */
const LONGEST_WAIT_MS = 100;
/** So many used buffers are kept for use again. */
const MOST_SPARE = 4;
/** UTF-8 takes at most three bytes for each of JavaScript's characters (UTF-16 units). */
const BYTES_PER_CHAR = 3;

/**
 * The one writer of standard output. It gathers lines into batches and pushes back: `ready()` resolves when the
 * reader has taken what was written, so that a slow reader slows everything down instead of filling the memory.
 * Texts are encoded straight into the batch, without being joined to longer texts before.
 */
export class LineWriter implements LineSink {
  readonly #out: Writable;
  readonly #spare: Buffer[] = [];
  #batch: Buffer;
  #used = 0;
  #drained: Promise<void> | undefined;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: Writable) {
    this.#out = out;
    this.#batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  }

  /**
   * Takes one line, all its parts at once and without its line feed. It is written whole or, where this throws, not
   * at all: whatever can fail (a part that is still to be made, memory for a large one) fails before the first byte.
   * It leaves at the latest with `flush`.
   */
  line(...parts: readonly LinePart[]): void {
    if (this.#closed) return;
    let most = 1;
    for (const part of parts) {
      most += typeof part === 'string' ? part.length * BYTES_PER_CHAR : part.to - part.from;
    }
    if (most > BATCH_BYTES) return this.#sendLarge(parts);
    if (this.#used + most > BATCH_BYTES) this.#push();
    let used = this.#used;
    for (const part of parts) used += this.#put(part, used);
    this.#used = used + this.#put('\n', used); // only now: what throws before leaves no part of the line behind
    this.#leaveSoon();
  }

  /** Resolves when more may be written; undefined where that is now. Whoever writes many lines awaits it between them. */
  ready(): Promise<void> | undefined {
    return this.#drained;
  }

  /**
   * Writes what is left and resolves when the system has taken all of it, or the stream is closed. Where it has failed,
   * that is behind its `error` event: whoever listens to it has the first word.
   */
  async flush(): Promise<void> {
    this.#push();
    const out = this.#out;
    await new Promise<void>((resolve) => {
      const isTaken = !out.writableNeedDrain && out.writableLength === 0 && !out.errored;
      if (this.#closed || out.closed || isTaken) return resolve();
      out.once('close', resolve);
      if (out.errored) return;
      out.write('', (error) => {
        if (!error) resolve();
      });
    });
  }

  /** The reader has gone away: whatever is written from now on is dropped, and nobody waits any more. */
  close(): void {
    this.#closed = true;
    this.#used = 0;
    clearTimeout(this.#timer);
    this.#out.emit('drain');
  }

  /** Puts into the batch what is known to fit, and returns how many bytes it takes. */
  #put(part: LinePart, at: number): number {
    return typeof part === 'string'
      ? this.#batch.write(part, at)
      : part.bytes.copy(this.#batch, at, part.from, part.to);
  }

  /** What may not fit into a batch leaves at once, in as few pieces as can be; all are made before the first leaves. */
  #sendLarge(parts: readonly LinePart[]): void {
    const pieces = parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part) : part.bytes.subarray(part.from, part.to),
    );
    this.#push();
    for (const piece of [...pieces, Buffer.from('\n')]) this.#send(piece);
  }

  #leaveSoon(): void {
    this.#timer ??= setTimeout(() => this.#push(), LONGEST_WAIT_MS);
  }

  #push(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#used === 0 || this.#closed) return;
    const full = this.#batch;
    const used = this.#used;
    this.#batch = this.#spare.pop() ?? Buffer.allocUnsafeSlow(BATCH_BYTES);
    this.#used = 0;
    this.#send(full.subarray(0, used), () => {
      if (this.#spare.length < MOST_SPARE) this.#spare.push(full);
    });
  }

  #send(bytes: Buffer, taken?: () => void): void {
    if (this.#out.write(bytes, taken)) return;
    this.#drained ??= new Promise<void>((resolve) => {
      this.#out.once('drain', () => {
        this.#drained = undefined;
        resolve();
      });
    });
  }
}
