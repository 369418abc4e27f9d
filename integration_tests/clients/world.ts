/** A simulator, and beside it what each table must hold, for clients that ask over HTTP. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator } from '../simulator/index.ts';
import { truthWithColumns } from '../support/custom-columns.ts';
import { ALL_STREAMS, keyOf } from '../support/truth.ts';

export interface World {
  url: string;
  apiKey: string;
  /** `/` answers each table's key column, `/<table>` its rows, with columns for the custom fields of that moment. */
  truthUrl: string;
  close(): Promise<void>;
}

/** Applications in the simulator; every table has rows at this size. */
const SCALE = 150;

export async function startWorld(): Promise<World> {
  const simulator = await startSimulator({ scale: SCALE });
  const server = createServer((request, response) => {
    const stream = (request.url ?? '/').slice(1);
    response.setHeader('content-type', 'application/json; charset=utf-8');
    if (stream === '') response.end(JSON.stringify(Object.fromEntries(ALL_STREAMS.map((name) => [name, keyOf(name)]))));
    else if (ALL_STREAMS.includes(stream)) response.end(JSON.stringify([...truthWithColumns(simulator, stream)]));
    else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: simulator.url,
    apiKey: simulator.keys.full,
    truthUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await simulator.close();
    },
  };
}
