import type { AshbyClient } from '../../ashby/client.ts';
import { SlidingWindow } from '../../http/window.ts';
import { Slots } from '../../async/slots.ts';

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
  #asking = 0;
  #line: Promise<unknown> = Promise.resolve();

  constructor(client: Pick<AshbyClient, 'elapsed' | 'wait'>) {
    this.#client = client;
  }

  /** Runs what starts a report and waits for it, as soon as there is a place. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.#places.run(work);
  }

  /**
   * Starts a report when that is allowed, first come, first served; each attempt is a start. It counts from when its
   * answer came: the server counted it no later than that.
   */
  async start<T>(attempt: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(() => this.#turn());
    this.#line = turn.catch(() => undefined); // whoever is interrupted hears of it by the turn of its own
    await turn;
    try {
      return await attempt();
    } finally {
      this.#asking -= 1;
      this.#starts.add(this.#client.elapsed());
    }
  }

  async #turn(): Promise<void> {
    for (;;) {
      const now = this.#client.elapsed();
      const opensAt = this.#starts.opensAt(now, STARTS - this.#asking);
      if (opensAt <= now) break;
      await this.#client.wait(opensAt - now);
    }
    this.#asking += 1;
  }
}
