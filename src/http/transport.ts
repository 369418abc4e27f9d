import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import axios, { AxiosError, type AxiosInstance } from 'axios';
import { Interrupted } from '../errors.ts';

/** One POST. The body is sent as it is. */
export interface HttpRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  signal?: AbortSignal | undefined;
}

/** Any answer that came, whatever its status. Header names are in lower case. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string | undefined>;
  /** As it came, unpacked but not decoded: a page that waits for its reader is small this way. */
  body: Buffer;
}

/** Sends one request. Throws NetworkError where no whole answer came, Interrupted where the signal was aborted. */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** No whole answer came: refused, reset, timed out, too large. `code` is Node's or axios's own. */
export class NetworkError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'NetworkError';
    this.code = code;
  }
}

export interface TransportOptions {
  /** How long a connection may take to be made. */
  connectTimeoutMs: number;
  /** How long the other side may be silent. */
  idleTimeoutMs: number;
  /** How long one request may take altogether. */
  totalTimeoutMs: number;
  /** The largest answer, unpacked, that is taken in. */
  maxAnswerBytes: number;
  /** Whether HTTPS_PROXY, HTTP_PROXY and NO_PROXY are obeyed. */
  useProxy: boolean;
}

/** Makes the function that sends requests over kept-alive connections. It follows no redirects and retries nothing. */
export function createTransport(options: TransportOptions): Send {
  const client = axios.create({
    httpAgent: agentOf(http, 'connect', options.connectTimeoutMs),
    httpsAgent: agentOf(https, 'secureConnect', options.connectTimeoutMs),
    maxRedirects: 0,
    timeout: options.idleTimeoutMs,
    maxContentLength: options.maxAnswerBytes,
    responseType: 'arraybuffer',
    transformRequest: [(data: unknown): unknown => data],
    transformResponse: [(data: unknown): unknown => data],
    validateStatus: () => true,
    ...(options.useProxy ? {} : { proxy: false as const }),
  });
  return (request) => send(client, request, options.totalTimeoutMs);
}

async function send(client: AxiosInstance, request: HttpRequest, totalTimeoutMs: number): Promise<HttpAnswer> {
  if (request.signal?.aborted) throw new Interrupted();
  // One controller a request: AbortSignal.any would keep a listener on the run's own signal for each of them.
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  request.signal?.addEventListener('abort', abort, { once: true });
  const deadline = setTimeout(abort, totalTimeoutMs);
  try {
    const answer = await client.post<unknown>(request.url, request.body, {
      headers: request.headers,
      signal: controller.signal,
    });
    const headers: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(answer.headers)) headers[name.toLowerCase()] = String(value);
    return { status: answer.status, headers, body: Buffer.isBuffer(answer.data) ? answer.data : Buffer.alloc(0) };
  } catch (thrown) {
    if (request.signal?.aborted) throw new Interrupted();
    if (axios.isCancel(thrown))
      throw new NetworkError('ETIMEDOUT', `no whole answer within ${totalTimeoutMs / 1000} s`);
    if (thrown instanceof AxiosError) throw new NetworkError(thrown.code ?? 'unknown', thrown.message);
    throw thrown;
  } finally {
    clearTimeout(deadline);
    request.signal?.removeEventListener('abort', abort);
  }
}

/** A keep-alive agent that gives up on a connection which is not made in time. */
function agentOf(
  kind: typeof http | typeof https,
  ready: 'connect' | 'secureConnect',
  connectTimeoutMs: number,
): http.Agent {
  const agent = new kind.Agent({ keepAlive: true, maxFreeSockets: 64 });
  // Node's agent has no time-out for connecting alone; createConnection is its documented place to override.
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback): Duplex | null | undefined => {
    const socket = connect(options, callback);
    if (!socket) return socket;
    const timer = setTimeout(() => {
      const error = new Error(`no connection within ${connectTimeoutMs / 1000} s`);
      socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    }, connectTimeoutMs);
    const done = (): void => clearTimeout(timer);
    socket.once(ready, done).once('close', done).once('error', done);
    return socket;
  };
  return agent;
}
