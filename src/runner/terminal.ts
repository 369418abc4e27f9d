/** Standard error, as the process provides it. */
export interface StandardError {
  isTerminal: boolean;
  /** How wide the terminal is, in characters. */
  columns(): number;
  write(text: string): void;
}

/** Back to the beginning of the line, and everything behind it away. */
const CLEAR = '\r\u001b[K';

/** Lines for people, and below them, on a terminal, one that is written over and over. */
export class Terminal {
  readonly #error: StandardError;
  #progress = '';

  constructor(error: StandardError) {
    this.#error = error;
  }

  get isTerminal(): boolean {
    return this.#error.isTerminal;
  }

  line(text: string): void {
    this.#error.write(this.#progress === '' ? `${text}\n` : `${CLEAR}${text}\n${this.#progress}`);
  }

  /** Writes the line of progress anew; an empty one takes it away. Does nothing where nobody watches. */
  progress(text: string): void {
    if (!this.isTerminal || (text === '' && this.#progress === '')) return;
    // One column stays free: a terminal would begin a new line.
    this.#progress = text.slice(0, Math.max(1, this.#error.columns() - 1));
    this.#error.write(CLEAR + this.#progress);
  }
}
