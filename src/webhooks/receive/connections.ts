import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Bounds the connections of a server. One too many takes the place of the one that has been without a finished
 * request for the longest: so whoever only holds connections open locks nobody out.
 */
export class Connections {
  readonly #most: number;
  /** In the order in which they were last of use. */
  readonly #open = new Set<Socket>();
  readonly #busy = new Set<Socket>();

  constructor(server: Server, most: number) {
    this.#most = most;
    server.on('connection', (socket: Socket) => this.#add(socket));
  }

  get size(): number {
    return this.#open.size;
  }

  /** A delivery has come whole on this connection: it is left alone until `done`. */
  busy(socket: Socket): void {
    this.#busy.add(socket);
  }

  /** A request was answered: the connection has proved its use. */
  done(socket: Socket): void {
    this.#busy.delete(socket);
    if (this.#open.delete(socket)) this.#open.add(socket);
  }

  #add(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#busy.delete(socket);
    });
    if (this.#open.size <= this.#most) return;
    for (const idle of this.#open) {
      if (this.#busy.has(idle)) continue;
      this.#open.delete(idle);
      idle.destroy();
      return;
    }
  }
}
