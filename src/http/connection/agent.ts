import type * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { keepOnlyQuiet, MOST_RESTING } from './quiet.ts';
import { openTunnel } from './tunnel.ts';
import type { Proxy } from './proxy.ts';

/** For the most requests that the budget lets fly, and those that rest. Fewer than a process with 64 open files can have. */
const MOST_CONNECTIONS = 24 + MOST_RESTING;

export interface AgentOptions {
  /** How long each step may take: to the proxy and through it, and to the other side with TLS. */
  connectTimeoutMs: number;
  proxy: Proxy | undefined;
  /** Certificates (PEM) that are trusted, where they are not Node's own. */
  ca: string | undefined;
}

/** Connections that are kept alive between requests. `close` ends all of them, also those that are being made. */
export interface Connections {
  agent: http.Agent;
  close(): void;
}

/** Makes connections of one kind: direct, or through a proxy, which is for https alone. */
export function connectionsOf(kind: typeof http | typeof https, options: AgentOptions): Connections {
  const { connectTimeoutMs, proxy, ca } = options;
  const agent = new kind.Agent({
    keepAlive: true,
    maxSockets: MOST_CONNECTIONS,
    maxFreeSockets: MOST_CONNECTIONS,
    ...(ca === undefined ? {} : { ca }),
  });
  keepOnlyQuiet(agent);
  // Node's agent has no time-out for connecting alone; createConnection is its documented place to override.
  const connect = agent.createConnection.bind(agent);
  const ready = kind === https ? 'secureConnect' : 'connect';
  const bounded = (socket: Duplex | null | undefined): Duplex | null | undefined => {
    if (socket) giveUpAfter(connectTimeoutMs, socket, ready);
    return socket;
  };
  const closing = new AbortController();
  agent.createConnection = (target, callback): Duplex | null | undefined => {
    if (!proxy) return bounded(connect(target, callback));
    const { signal } = closing;
    const host = target.host ?? '';
    const address = `${host.includes(':') ? `[${host}]` : host}:${target.port ?? 443}`;
    void openTunnel({ proxy, target: address, timeoutMs: connectTimeoutMs, ca, signal }).then(
      (tunnel) => {
        // TLS is spoken with the target through the tunnel. tls.connect takes the socket that it is to run over.
        const over: http.ClientRequestArgs & { socket: Duplex } = { ...target, socket: tunnel };
        const socket = bounded(connect(over));
        if (socket) callback?.(null, socket);
      },
      // openTunnel rejects with errors alone, and no socket comes with one.
      (error: unknown) => callback?.(error as Error, undefined as unknown as Duplex),
    );
    return undefined;
  };
  const close = (): void => {
    closing.abort();
    agent.destroy();
  };
  return { agent, close };
}

function giveUpAfter(timeoutMs: number, socket: Duplex, ready: 'connect' | 'secureConnect'): void {
  const timer = setTimeout(() => {
    const error = new Error(`no connection within ${timeoutMs / 1000} s`);
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  }, timeoutMs);
  const done = (): void => clearTimeout(timer);
  socket.once(ready, done).once('close', done).once('error', done);
}
