import { Output, type OutputOptions } from '../protocol/output.ts';

/** The messages as ever, and each state also for whoever saves it. */
export class StateSavingOutput extends Output {
  readonly #onState: (stream: string, state: object) => void;

  constructor(options: OutputOptions & { onState(stream: string, state: object): void }) {
    super(options);
    this.#onState = options.onState;
  }

  override state(stream: string, state: object, recordCount: number): void {
    super.state(stream, state, recordCount);
    this.#onState(stream, state);
  }
}
