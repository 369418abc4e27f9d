/** Stands between the connector and the simulator, and tells each request before it is passed on. */

import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gate {
  url: string;
  close(): Promise<void>;
}

/** `onRequest` is called with the endpoint of each request before it is passed on. */
export async function openGate(target: string, onRequest: (endpoint: string) => void): Promise<Gate> {
  const server = createServer((incoming, outgoing) => {
    onRequest((incoming.url ?? '').slice(1));
    const { method, headers, url } = incoming;
    const passedOn = request(`${target}${url ?? ''}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passedOn.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passedOn.destroy());
    incoming.pipe(passedOn);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
