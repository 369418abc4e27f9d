/** The HTTP server: reads requests, waits, sends answers, keeps the log. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { API_VERSION, type Answer, type Api } from './answer.ts';
import { payloadOf } from './faults/bytes.ts';
import { Door } from './faults/door.ts';
import { SILENT, sendAnswer, sendRaw } from './faults/wire.ts';
import type { LoggedRequest, SimulatorOptions } from './types.ts';

export type Control = (request: IncomingMessage, response: ServerResponse, text: string) => void;

export class RequestLog {
  entries: LoggedRequest[] = [];
  #n = 0;

  add(entry: Omit<LoggedRequest, 'n'>, limit: number): number {
    this.entries.push({ n: ++this.#n, ...entry });
    if (this.entries.length > limit * 1.1 + 10) this.entries = this.entries.slice(-limit);
    return this.#n;
  }
}

/** Starts listening on 127.0.0.1; paths under /_control/ go to `control`. */
export async function listen(o: {
  api: Api;
  options: SimulatorOptions;
  log: RequestLog;
  control: Control;
}): Promise<{ door: Door; port: number }> {
  const { api, options, log, control } = o;
  let served = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString();
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path.startsWith('/_control/')) return control(request, response, text);
    const endpoint = path.slice(1);
    const requestId = `sim-${(++served).toString(36).padStart(8, '0')}`;
    const answer = api.answer({ endpoint, method: request.method ?? '', headers: request.headers, text, requestId });
    const { effect } = answer;
    const silent = door.closed || (effect !== undefined && SILENT.has(effect.kind));
    log.add(
      {
        atMs: options.now(),
        endpoint,
        body: answer.body,
        key: answer.key,
        status: silent ? 0 : answer.status,
        ...(answer.code === undefined ? {} : { code: answer.code }),
        rows: answer.rows,
      },
      options.requestLogLimit,
    );
    const waitMs = options.latencyMs + (effect?.kind === 'slow' ? effect.delayMs : 0);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (effect?.kind === 'hang') return;
    if (effect?.kind === 'refuse') door.close(effect.forMs);
    if (door.closed || effect?.kind === 'reset') return void request.socket.destroy();
    if (effect?.kind === 'raw') return sendRaw(request.socket, effect.text);
    const gzip = options.gzip && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const { 'content-type': type = 'text/plain', ...headers } = answer.headers;
    await sendAnswer({
      response,
      status: answer.status,
      headers: {
        ...headers,
        // The simulator's clock, which a test may have set: so a client can see that its own runs ahead.
        date: new Date(options.now()).toUTCString(),
        'x-ashby-request-id': requestId,
        'Ashby-Version': API_VERSION,
        'Ashby-Version-Status': 'active',
      },
      payload: payloadOf(bodyOf(answer), { type, gzip, effect }),
      effect,
    });
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      process.stderr.write(`simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
    });
  });
  const door = new Door(server);
  return { door, port: await door.listen(options.port) };
}

function bodyOf({ text, page }: Answer): Buffer {
  return page ? Buffer.concat([Buffer.from(text), page.rows, Buffer.from(page.end)]) : Buffer.from(text);
}
