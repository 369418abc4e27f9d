import type { Writable } from 'node:stream';
import type { LineSink } from './encode.ts';

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

  /** Takes lines or parts of them; whoever begins a line ends it before anybody else writes. They leave at the latest with `flush`. */
  write(text: string): void {
    if (this.#closed) return;
    const most = text.length * BYTES_PER_CHAR;
    if (most > BATCH_BYTES) return this.#sendLarge(Buffer.from(text));
    if (this.#used + most > BATCH_BYTES) this.#push();
    this.#used += this.#batch.write(text, this.#used);
    this.#leaveSoon();
  }

  /** Takes bytes between two places; they may be kept for a while, so they must not change any more. */
  copy(bytes: Buffer, from: number, to: number): void {
    if (this.#closed) return;
    if (to - from > BATCH_BYTES) return this.#sendLarge(bytes.subarray(from, to));
    if (this.#used + to - from > BATCH_BYTES) this.#push();
    this.#used += bytes.copy(this.#batch, this.#used, from, to);
    this.#leaveSoon();
  }

  /** Resolves when more may be written; undefined where that is now. Whoever writes many lines awaits it between them. */
  ready(): Promise<void> | undefined {
    return this.#drained;
  }

  /** Writes what is left and resolves when the system has taken all of it (or the reader has gone away). */
  async flush(): Promise<void> {
    this.#push();
    await new Promise<void>((resolve) => {
      if (this.#closed || (!this.#out.writableNeedDrain && this.#out.writableLength === 0)) return resolve();
      this.#out.once('close', resolve);
      this.#out.write('', () => resolve());
    });
  }

  /** The reader has gone away: whatever is written from now on is dropped, and nobody waits any more. */
  close(): void {
    this.#closed = true;
    this.#used = 0;
    clearTimeout(this.#timer);
    this.#out.emit('drain');
  }

  /** What does not fit into a batch leaves at once, behind what was written before it. */
  #sendLarge(bytes: Buffer): void {
    this.#push();
    this.#send(bytes);
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
