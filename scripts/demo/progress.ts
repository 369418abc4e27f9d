/** Tells that something is going on: one line that renews itself on a terminal, else a line now and then. */

const FRAME_MS = 100;
const LINE_MS = 3_000;

export class Progress {
  readonly #text: () => string;
  readonly #tty = process.stdout.isTTY;
  readonly #timer: NodeJS.Timeout;

  constructor(text: () => string) {
    this.#text = text;
    this.#timer = setInterval(() => this.#draw(), this.#tty ? FRAME_MS : LINE_MS);
  }

  #draw(): void {
    const text = this.#text();
    if (this.#tty) process.stdout.write(`\r\x1b[K${text.slice(0, Math.max(20, (process.stdout.columns || 80) - 1))}`);
    else process.stdout.write(`${text}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#tty) process.stdout.write('\r\x1b[K');
  }
}
