import { codeOf } from './failure.ts';
import type { Clock } from './world.ts';

/** Events come in handfuls (one hire is three): so long they are waited for before the first call. */
const GATHER_MS = 500;
/** How long a failing address is left alone at most. */
const LONGEST_PAUSE_MS = 15 * 60_000;

export interface NotifierOptions {
  /** Makes the call; resolves with the status of the answer, rejects where none came. */
  call(): Promise<number>;
  everyMs: number;
  clock: Clock;
  signal: AbortSignal;
  /** Told how a call went; `failure` is a status or a code. */
  told(failure: string | undefined): void;
}

/**
 * Starts a sync after events have come: half a second after the first event, and then at most one call in `everyMs`, after which
 * whatever came meanwhile is told with one call. What was not told (Airbyte says 409 while a sync runs) stays due, with
 * waits that double up to a quarter of an hour.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  #due = false;
  #running: Promise<void> | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** An event was kept. */
  event(): void {
    this.#due = true;
    if (this.#options.signal.aborted) return;
    this.#running ??= this.#run();
  }

  /** Resolves when no call is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { everyMs, clock, signal } = this.#options;
    let failures = 0;
    try {
      await clock.sleep(GATHER_MS, signal);
      while (this.#due && !signal.aborted) {
        this.#due = false;
        const failure = await this.#call();
        failures = failure === undefined ? 0 : failures + 1;
        if (failure !== undefined) this.#due = true;
        const pauseMs =
          failures === 0 ? everyMs : Math.max(everyMs, Math.min(everyMs * 2 ** (failures - 1), LONGEST_PAUSE_MS));
        await clock.sleep(pauseMs, signal);
      }
    } catch {
      // The receiver stops. What was not told is told after the next start, since a backlog makes a call due.
    }
    this.#running = undefined;
  }

  async #call(): Promise<string | undefined> {
    const { call, told } = this.#options;
    const failure = await call().then(
      (status) => (status >= 200 && status < 300 ? undefined : `status ${status}`),
      (thrown: unknown) => codeOf(thrown),
    );
    told(failure);
    return failure;
  }
}
