import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../tally.ts';
import type { Intake, Lease } from './intake.ts';

/**
 * Reads a whole body of at most `mostBytes`. The lease counts it until the caller ends it. What comes instead says why
 * there is no body: too large, cut off by its sender or by a time-out, or given up for others.
 */
export function collect(
  request: IncomingMessage,
  intake: Intake,
  mostBytes: number,
): Promise<{ body: Buffer; lease: Lease } | { refusal: Refusal }> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > mostBytes) return Promise.resolve({ refusal: 'too-large' });
  return new Promise((resolve) => {
    const bytes = new Bytes(announced);
    const giveUp = (refusal: Refusal): void => {
      lease.end();
      request.off('data', take);
      bytes.drop();
      request.on('data', (chunk: Buffer) => intake.passed(chunk.length)); // the rest is read and thrown away
      resolve({ refusal });
    };
    const lease = intake.begin(() => giveUp('too-busy'));
    const take = (chunk: Buffer): void => {
      if (bytes.length + chunk.length > mostBytes) return giveUp('too-large');
      lease.add(bytes.take(chunk));
      intake.passed(chunk.length);
    };
    request.on('data', take);
    request.once('end', () => {
      lease.hold();
      resolve({ body: bytes.whole(), lease });
    });
    // Also after an end: by then the promise is settled, and this does nothing.
    request.once('close', () => {
      if (!request.complete) giveUp('cut-off');
    });
    request.once('error', () => giveUp('cut-off'));
  });
}

/**
 * The bytes of a body. One chunk is the body itself. Of more, where the length is known, each is copied to its place at
 * once: chunks that live until the last one has come grow old, and V8 takes its time with what is old.
 */
class Bytes {
  length = 0;
  readonly #announced: number;
  #chunks: Buffer[] = [];
  #place: Buffer | undefined;

  constructor(announced: number) {
    this.#announced = announced;
  }

  /** Returns how much more memory is held now. */
  take(chunk: Buffer): number {
    const before = this.length;
    this.length += chunk.length;
    if (before === 0 && chunk.length < this.#announced) {
      this.#place = Buffer.allocUnsafeSlow(this.#announced);
      chunk.copy(this.#place);
      return this.#announced;
    }
    if (this.#place) {
      chunk.copy(this.#place, before);
      return 0;
    }
    this.#chunks.push(chunk);
    return chunk.length;
  }

  whole(): Buffer {
    if (this.#place) return this.#place;
    const [first] = this.#chunks;
    return first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
  }

  drop(): void {
    this.#chunks = [];
    this.#place = undefined;
  }
}
