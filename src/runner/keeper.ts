import { Interrupted } from '../errors.ts';
import type { StateFile } from './state-file.ts';

/** At least so long between two saves; and so many times what the last one took, so that saving never fills a run. */
const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const PAUSE_FOR_WORK = 20;

export interface KeeperOptions {
  clock: { elapsed(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** Resolves when all that was printed of these streams is on the disk. */
  settle(streams: readonly string[]): Promise<void>;
  stateFile: StateFile | undefined;
  /** Done after each save. */
  afterwards(): Promise<unknown>;
  /** Told at once when something cannot be saved. */
  onFailure(failure: unknown): void;
}

/**
 * Saves states as the run goes on: first what they cover is brought to the disk, then they are. A state that comes while
 * this is done waits for the next time.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #ending = new AbortController();
  readonly #fresh = new Set<string>();
  #loop: Promise<void> | undefined;
  #pauseMs = SHORTEST_PAUSE_MS;
  #failure: { reason: unknown } | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Writes the states that came in, by stream, so that what hinders it shows before anything is read. */
  async begin(known: ReadonlyMap<string, unknown>): Promise<void> {
    const { stateFile, afterwards } = this.#options;
    for (const [stream, state] of known) stateFile?.take(stream, state);
    await stateFile?.write(stateFile.states());
    await afterwards();
  }

  /** A stream has printed a state. */
  take(stream: string, state: object): void {
    this.#options.stateFile?.take(stream, state);
    this.#fresh.add(stream);
    this.#loop ??= this.#run();
  }

  /** The last save. Rejects with what could not be saved, then or before. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#loop;
    if (this.#failure) throw this.#failure.reason;
    await this.#save();
  }

  async #run(): Promise<void> {
    const { clock, onFailure } = this.#options;
    const { signal } = this.#ending;
    try {
      while (this.#fresh.size > 0 && !signal.aborted) {
        await clock.sleep(this.#pauseMs, signal);
        const startedAt = clock.elapsed();
        await this.#save();
        const tookMs = clock.elapsed() - startedAt;
        this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, tookMs * PAUSE_FOR_WORK));
      }
    } catch (failure) {
      if (!(failure instanceof Interrupted)) {
        this.#failure = { reason: failure };
        onFailure(failure);
      }
    }
    this.#loop = undefined;
  }

  async #save(): Promise<void> {
    const { settle, stateFile, afterwards } = this.#options;
    const streams = [...this.#fresh];
    this.#fresh.clear();
    const states = stateFile?.states();
    if (streams.length > 0) await settle(streams);
    if (stateFile && states && streams.length > 0) await stateFile.write(states);
    await afterwards();
  }
}
