import { encodeStreamState } from '../protocol/encode.ts';
import { replaceFile } from './atomic.ts';
import { writeFailure } from './write-failure.ts';

/** States by stream, already in JSON. */
export type States = ReadonlyMap<string, string>;

/** The file of `--save-state`: the last state of each stream, those that came in and those that were printed. */
export class StateFile {
  readonly #path: string;
  readonly #states = new Map<string, string>();

  constructor(path: string) {
    this.#path = path;
  }

  /** A stream stands there: as it came in with `--state`, or as it was printed. */
  take(stream: string, state: unknown): void {
    this.#states.set(stream, encodeStreamState(stream, state));
  }

  /** The states as they are now; later ones do not change it. */
  states(): States {
    return new Map(this.#states);
  }

  /** Writes them, whole or not at all. Throws a ConnectorError. */
  async write(states: States): Promise<void> {
    const text = states.size === 0 ? '[]\n' : `[\n${[...states.values()].join(',\n')}\n]\n`;
    try {
      await replaceFile(this.#path, text);
    } catch (thrown) {
      throw writeFailure(`The state (--save-state, ${this.#path})`, thrown);
    }
  }
}
