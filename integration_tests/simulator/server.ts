/** The HTTP server: reads requests, waits, sends answers, keeps the log. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { API_VERSION, type Answer, type Api } from './answer.ts';
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
export function listen(o: { api: Api; options: SimulatorOptions; log: RequestLog; control: Control }): Promise<Server> {
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
    const silent = answer.effect?.kind === 'reset' || answer.effect?.kind === 'hang';
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
    const waitMs = options.latencyMs + (answer.effect?.kind === 'slow' ? answer.effect.delayMs : 0);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (answer.effect?.kind === 'hang') return;
    if (answer.effect?.kind === 'reset') {
      request.socket.destroy();
      return;
    }
    send({
      answer,
      response,
      requestId,
      gzip: options.gzip && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')),
    });
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      process.stderr.write(`simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => resolve(server));
  });
}

function send(o: { answer: Answer; response: ServerResponse; requestId: string; gzip: boolean }): void {
  const { text, page } = o.answer;
  let plain = page ? Buffer.concat([Buffer.from(text), page.rows, Buffer.from(page.end)]) : Buffer.from(text);
  if (o.answer.effect?.kind === 'cut') plain = plain.subarray(0, plain.length >> 1);
  const payload = o.gzip ? gzipSync(plain, { level: 1 }) : plain;
  o.response.writeHead(o.answer.status, {
    ...o.answer.headers,
    ...(o.gzip ? { 'content-encoding': 'gzip' } : {}),
    'x-ashby-request-id': o.requestId,
    'Ashby-Version': API_VERSION,
    'Ashby-Version-Status': 'active',
    'content-length': payload.length,
  });
  o.response.end(payload);
}
