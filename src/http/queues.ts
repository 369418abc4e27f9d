import { Interrupted } from '../errors.ts';

/**
 * What a request is for. Pages of a list come one after the other, so a list is only as fast as its chain of
 * answers; calls for each parent can be made side by side at any time and fill what the lists leave.
 */
export type Queue = 'list' | 'fan-out';

/** Every so many turns one goes to the fan-outs, however many lists are waiting. */
const FAN_OUT_SHARE = 4;

/** Who waits for a turn, in order of arrival within each queue. */
export class Queues {
  readonly #waiting: Record<Queue, (() => void)[]> = { list: [], 'fan-out': [] };
  #turns = 0;

  get length(): number {
    return this.#waiting.list.length + this.#waiting['fan-out'].length;
  }

  /** Resolves when it is this one's turn; rejects with Interrupted, and leaves, when the signal is aborted. */
  wait(queue: Queue, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Interrupted());
      const waiting = this.#waiting[queue];
      const leave = (): void => {
        waiting.splice(waiting.indexOf(grant), 1);
        reject(new Interrupted());
      };
      const grant = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(grant);
    });
  }

  /** Gives the next turn, where somebody waits. */
  grant(): void {
    this.#turns += 1;
    const { list, 'fan-out': fanOut } = this.#waiting;
    const [first, second] = this.#turns % FAN_OUT_SHARE === 0 ? [fanOut, list] : [list, fanOut];
    (first.shift() ?? second.shift())?.();
  }
}
