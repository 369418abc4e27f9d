import type { Writable } from 'node:stream';

/** Lines are gathered up to about this many characters, then written at once. */
const BATCH_CHARS = 64 * 1024;
/** A batch that does not fill up leaves after this long. */
const LONGEST_WAIT_MS = 100;

/**
 * The one writer of standard output. It gathers lines into batches and pushes back: `ready()` resolves when the
 * reader has taken what was written, so that a slow reader slows everything down instead of filling the memory.
 */
export class LineWriter {
  readonly #out: Writable;
  #batch: string[] = [];
  #batchChars = 0;
  #drained: Promise<void> | undefined;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: Writable) {
    this.#out = out;
  }

  /** Takes whole lines, each with its line feed. They leave with their batch, at the latest with `flush`. */
  write(lines: string): void {
    if (this.#closed) return;
    this.#batch.push(lines);
    this.#batchChars += lines.length;
    if (this.#batchChars >= BATCH_CHARS) this.#push();
    else this.#timer ??= setTimeout(() => this.#push(), LONGEST_WAIT_MS);
  }

  /** Resolves when more may be written. Whoever writes many lines awaits it between them. */
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
    this.#batch = [];
    this.#batchChars = 0;
    this.#out.emit('drain');
  }

  #push(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#batch.length === 0 || this.#closed) return;
    const text = this.#batch.length === 1 ? (this.#batch[0] ?? '') : this.#batch.join('');
    this.#batch = [];
    this.#batchChars = 0;
    if (this.#out.write(text)) return;
    this.#drained ??= new Promise<void>((resolve) => {
      this.#out.once('drain', () => {
        this.#drained = undefined;
        resolve();
      });
    });
  }
}
