import type { Clock } from './world.ts';

/** The same complaint is made at most this often; what was left out is counted. */
const EVERY_MS = 10_000;
/** So many kinds of complaint are told apart. */
const MOST_KINDS = 100;

/** Keeps the log readable when somebody knocks a thousand times a second. */
export class Seldom {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #said = new Map<string, { atMs: number; leftOut: number }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Calls `say` unless this kind was said a moment ago. `times` tells how often it has happened since. */
  say(kind: string, say: (times: string) => void): void {
    const nowMs = this.#clock.now();
    const last = this.#said.get(kind);
    if (last && Math.abs(nowMs - last.atMs) < EVERY_MS) {
      last.leftOut += 1;
      return;
    }
    if (this.#said.size >= MOST_KINDS) this.#said.clear();
    this.#said.set(kind, { atMs: nowMs, leftOut: 0 });
    say(last && last.leftOut > 0 ? `, and ${last.leftOut} times more since this was last said` : '');
  }
}
