import type { AshbyClient } from '../../ashby/client.ts';
import { SlidingWindow } from '../../http/window.ts';
import { Slots } from '../../slots.ts';

/**
 * What Ashby allows a whole organisation: 15 starts a minute and 3 reports at once, while asking for a started one is
 * free (OpenAPI description, `report.generate`). The window is a second longer, since the server counts when they arrive.
 */
const STARTS = 15;
const WINDOW_MS = 61_000;
const AT_ONCE = 3;

/** Who may start a report, and when: one for all reports of a process. */
export class ReportTurns {
  readonly #client: Pick<AshbyClient, 'elapsed' | 'wait'>;
  readonly #starts = new SlidingWindow(WINDOW_MS);
  readonly #places = new Slots(() => AT_ONCE);
  #line: Promise<void> = Promise.resolve();

  constructor(client: Pick<AshbyClient, 'elapsed' | 'wait'>) {
    this.#client = client;
  }

  /** Runs what starts a report and waits for it, as soon as there is a place. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.#places.run(work);
  }

  /** Resolves when a report may be started, and counts the start: each attempt is one. First come, first served. */
  start(): Promise<void> {
    const turn = this.#line.then(async () => {
      const now = this.#client.elapsed();
      const opensAt = this.#starts.opensAt(now, STARTS);
      if (opensAt > now) await this.#client.wait(opensAt - now);
      this.#starts.add(this.#client.elapsed());
    });
    this.#line = turn.catch(() => undefined); // whoever is interrupted hears of it by the turn of its own
    return turn;
  }
}
