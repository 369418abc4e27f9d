import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How long a connection rests after each answer. What a server or a proxy says twice comes right behind, or, where
 * Nagle's algorithm and a delayed acknowledgement hold it back, 40 ms later: it must not meet the next request.
 */
const REST_MS = 50;
/** So many may rest at a time; the next one ends the rest of the first. It bounds the number of open files. */
export const MOST_RESTING = 16;

/**
 * Makes an agent keep a connection only as long as the other side is silent between requests. An answer says by nothing
 * but its place in the connection to which request it belongs, so bytes that nobody asked for would be taken for the
 * next answer. A connection that brings any is closed.
 */
export function keepOnlyQuiet(agent: Agent): void {
  // Node's own listener for a connection that has done its request gives it to who waits or into the pool.
  const [handOn] = agent.listeners('free');
  const resting = new Map<Socket, () => void>();
  agent.removeAllListeners('free');
  agent.on('free', (socket: Socket, options: unknown) => {
    listen(socket);
    socket.unref(); // a connection that rests is no reason to live on
    const wake = (): void => {
      clearTimeout(timer);
      resting.delete(socket);
      // What came meanwhile may not have been read yet: setImmediate comes after the reading.
      setImmediate(() => {
        ignore(socket);
        socket.ref();
        handOn?.call(agent, socket, options);
      });
    };
    const timer = setTimeout(wake, REST_MS).unref();
    resting.set(socket, wake);
    const [first] = resting.values();
    if (resting.size > MOST_RESTING) first?.();
  });

  // The types lack these two, which are documented: "agent.keepSocketAlive", "agent.reuseSocket".
  const pool = agent as unknown as PoolHooks;
  const keep = pool.keepSocketAlive.bind(agent);
  pool.keepSocketAlive = (socket) => {
    listen(socket);
    return keep(socket);
  };
  const reuse = pool.reuseSocket.bind(agent);
  pool.reuseSocket = (socket, request) => {
    ignore(socket);
    reuse(socket, request);
  };
}

interface PoolHooks {
  keepSocketAlive(socket: Socket): boolean;
  reuseSocket(socket: Socket, request: ClientRequest): void;
}

function listen(socket: Socket): void {
  socket.on('data', close).on('error', close);
  // What came right behind the answer, before anybody listened, lies in the socket and makes no event.
  if (socket.readableLength > 0) socket.destroy();
}

function ignore(socket: Socket): void {
  socket.off('data', close).off('error', close);
}

function close(this: Socket): void {
  this.destroy();
}
