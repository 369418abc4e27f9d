/** The listener, which can be closed for a while: then connections are refused by the system, as if nobody was there. */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const SHORT_MS = 20;

export class Door {
  readonly #server: Server;
  #port = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #over = false;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on 127.0.0.1; 0 takes a free port. Returns the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#port = (this.#server.address() as AddressInfo).port);
  }

  /** True while connections are refused; what comes on an old one then is cut off. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Refuses connections for so long; Infinity: until `open`. */
  close(forMs = SHORT_MS): void {
    if (this.#closed || this.#over) return;
    this.#closed = true;
    this.#server.close();
    this.#server.closeIdleConnections();
    if (forMs !== Infinity) this.#timer = setTimeout(() => this.open(), forMs);
  }

  open(): void {
    if (!this.#closed || this.#over) return;
    clearTimeout(this.#timer);
    this.#closed = false;
    this.#server.listen(this.#port, '127.0.0.1');
  }

  /** Ends it for good. */
  async end(): Promise<void> {
    this.#over = true;
    clearTimeout(this.#timer);
    await new Promise<void>((resolve) => {
      // The callback comes with an error where the listener is closed already; either way it is closed.
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
