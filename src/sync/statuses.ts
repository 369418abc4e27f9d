import type { Output } from '../protocol/output.ts';

/** What a stream has said of itself so far. */
type Stage = 'waiting' | 'started' | 'running' | 'ended';

/**
 * A stream's statuses, in the one order that they may come in: STARTED, then RUNNING, then COMPLETE or INCOMPLETE,
 * each once, and none after the end. (RUNNING comes again where Ashby's limit holds the stream up.)
 */
export class Statuses {
  readonly #name: string;
  readonly #output: Pick<Output, 'status'>;
  #stage: Stage = 'waiting';

  constructor(name: string, output: Pick<Output, 'status'>) {
    this.#name = name;
    this.#output = output;
  }

  /** Whether the stream has begun and has not ended. */
  get underWay(): boolean {
    return this.#stage === 'started' || this.#stage === 'running';
  }

  /** Says that the stream begins; false where that was said before. */
  start(): boolean {
    if (this.#stage !== 'waiting') return false;
    this.#stage = 'started';
    this.#output.status(this.#name, 'STARTED');
    return true;
  }

  /** Says that something comes, before the first record or state. */
  running(): void {
    if (this.#stage !== 'started') return;
    this.#stage = 'running';
    this.#output.status(this.#name, 'RUNNING');
  }

  /** Says that Ashby's limit holds the stream up until `untilMs` (wall clock), if it is under way. */
  rateLimited(untilMs: number): void {
    if (this.underWay) this.#output.status(this.#name, 'RUNNING', untilMs);
  }

  end(status: 'COMPLETE' | 'INCOMPLETE'): void {
    this.#stage = 'ended';
    this.#output.status(this.#name, status);
  }
}
