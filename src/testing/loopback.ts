import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server on this machine. `connections` counts those that were opened to it. */
export interface Loopback {
  url: string;
  port: number;
  connections(): number;
  close(): Promise<void>;
}

/** Serves raw connections: what comes in and goes out is up to `onConnection`. */
export function tcpServer(onConnection: (socket: Socket) => void): Promise<Loopback> {
  return started(createTcpServer(onConnection));
}

/** Answers each request on a raw connection with these bytes; `n` counts the requests of all connections from 1. */
export function rawServer(answer: (n: number, socket: Socket) => void): Promise<Loopback> {
  let count = 0;
  return tcpServer((socket) => {
    let unread = '';
    socket.on('data', (bytes) => {
      unread += bytes.toString('latin1');
      for (;;) {
        const head = /^[^]*?\r\n\r\n/.exec(unread)?.[0];
        const end = (head?.length ?? 0) + Number(/content-length: (\d+)/i.exec(head ?? '')?.[1] ?? 0);
        if (!head || unread.length < end) return;
        unread = unread.slice(end);
        count += 1;
        answer(count, socket);
      }
    });
  });
}

/** Serves HTTP. */
export function httpServer(listener: RequestListener): Promise<Loopback> {
  return started(createHttpServer(listener));
}

/** Starts any server on a free port of this machine. */
export async function started(server: Server): Promise<Loopback> {
  const open = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined).once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
