import * as http from 'node:http';
import * as https from 'node:https';
import { setImmediate } from 'node:timers/promises';
import axios, { AxiosError, type AxiosInstance } from 'axios';
import { Interrupted } from '../errors.ts';
import { connectionsOf, type Connections } from './connection/agent.ts';
import { AnswerIds } from './connection/answer-ids.ts';
import { ACCEPTED_ENCODINGS, readBody } from './connection/body.ts';
import { AnswerTooLarge, NetworkError } from './network-error.ts';
import { proxyFor, type Environment, type Proxy } from './connection/proxy.ts';
import { AnswerRoom } from './connection/room.ts';
import { requestOnce } from './connection/one-answer.ts';

export { AnswerTooLarge, NetworkError, ProxyError } from './network-error.ts';

/** One request. The body is sent as it is. */
export interface HttpRequest {
  url: string;
  /** Default: POST. A GET has no body. */
  method?: 'GET';
  headers: Record<string, string>;
  body: string;
  /** The largest answer, unpacked, that is taken in; the transport has a usual one. */
  maxAnswerBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Any answer that came, whatever its status. Header names are in lower case. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string | undefined>;
  /** As it came, unpacked but not decoded: a page that waits for its reader is small this way. */
  body: Buffer;
}

/**
 * Sends one request. Throws NetworkError where no whole answer came, AnswerTooLarge, Interrupted where the signal was
 * aborted, and a `config_error` where the environment names a proxy that cannot be used.
 */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

export interface TransportOptions {
  /** How long each step of making a connection may take. */
  connectTimeoutMs: number;
  /** How long the other side may be silent. */
  idleTimeoutMs: number;
  /** How long one request may take altogether. */
  totalTimeoutMs: number;
  /** The largest answer, unpacked, that is taken in where a request says nothing else. */
  maxAnswerBytes: number;
  /** What all answers that are being received may take together; one answer may exceed it. */
  maxBytesInFlight: number;
  /** Where HTTPS_PROXY and NO_PROXY are looked up; undefined where no proxy is to be used. */
  environment: Environment | undefined;
  /** The header, in lower case, in which the server names each answer by an id of its own. */
  idHeader?: string;
  /** Certificates (PEM) to trust in place of Node's own. */
  trustedCertificates?: string;
}

/** Sends requests over kept-alive connections. It follows no redirects and retries nothing. */
export interface Transport {
  send: Send;
  /** Ends all connections, also those that are being made, so that nothing keeps the process alive. */
  close(): void;
}

export function createTransport(options: TransportOptions): Transport {
  const { environment, connectTimeoutMs, trustedCertificates: ca } = options;
  const room = new AnswerRoom(options.maxBytesInFlight);
  const ids = new AnswerIds();
  const routes = new Map<string, Route>();
  const routeTo = (url: URL): Route => {
    const known = routes.get(url.origin);
    if (known) return known;
    const proxy = environment && proxyFor(url, environment);
    const kind = url.protocol === 'https:' ? https : http;
    const connections = connectionsOf(kind, { connectTimeoutMs, proxy, ca });
    const route = { proxy, connections, client: clientOf(connections.agent, options.idleTimeoutMs), room, ids };
    routes.set(url.origin, route);
    return route;
  };
  return {
    send: async (request) => {
      const route = routeTo(new URL(request.url));
      try {
        return await send(route, request, options);
      } catch (failure) {
        if (failure instanceof NetworkError) failure.via = route.proxy?.name;
        throw failure;
      }
    },
    close: () => {
      for (const { connections } of routes.values()) connections.close();
    },
  };
}

/** The way to one host. */
interface Route {
  proxy: Proxy | undefined;
  connections: Connections;
  client: AxiosInstance;
  room: AnswerRoom;
  ids: AnswerIds;
}

/** Redirects, proxies, sizes and packed bodies are ours: axios would retry, follow, buffer, or forgive too much. */
function clientOf(agent: http.Agent, idleTimeoutMs: number): AxiosInstance {
  return axios.create({
    httpAgent: agent,
    httpsAgent: agent,
    transport: { request: requestOnce },
    proxy: false,
    maxRedirects: 0,
    timeout: idleTimeoutMs,
    transitional: { clarifyTimeoutError: true },
    responseType: 'stream',
    decompress: false,
    transformRequest: [(data: unknown): unknown => data],
    transformResponse: [(data: unknown): unknown => data],
    validateStatus: () => true,
  });
}

async function send(route: Route, request: HttpRequest, options: TransportOptions): Promise<HttpAnswer> {
  if (request.signal?.aborted) throw new Interrupted();
  // One controller a request: AbortSignal.any would keep a listener on the run's own signal for each of them.
  const controller = new AbortController();
  const { signal } = controller;
  const abort = (): void => controller.abort();
  request.signal?.addEventListener('abort', abort, { once: true });
  const { totalTimeoutMs, idleTimeoutMs } = options;
  const deadline = setTimeout(abort, totalTimeoutMs);
  try {
    await setImmediate(); // whatever lies unread on a kept connection is read first, and closes it
    const answer = await route.client.request<http.IncomingMessage>({
      url: request.url,
      method: request.method ?? 'POST',
      ...(request.method === 'GET' ? {} : { data: request.body }),
      headers: { ...request.headers, 'accept-encoding': ACCEPTED_ENCODINGS },
      signal,
    });
    const headers: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(answer.headers)) headers[name.toLowerCase()] = String(value);
    if (options.idHeader !== undefined && route.ids.isRepeat(headers[options.idHeader])) {
      answer.data.destroy(); // the answer to this request is still to come on this connection, for nobody
      throw new NetworkError('EREPEATED', 'an earlier answer came once more');
    }
    const maxBytes = request.maxAnswerBytes ?? options.maxAnswerBytes;
    const body = await readBody(answer.data, { maxBytes, idleTimeoutMs, room: route.room, signal });
    return { status: answer.status, headers, body };
  } catch (thrown) {
    if (request.signal?.aborted) throw new Interrupted();
    if (signal.aborted) throw new NetworkError('ETIMEDOUT', `no whole answer within ${totalTimeoutMs / 1000} s`);
    throw networkErrorOf(thrown);
  } finally {
    clearTimeout(deadline);
    request.signal?.removeEventListener('abort', abort);
  }
}

/** Errors of axios hold the request with its headers, so nothing of them is kept but code and words. */
function networkErrorOf(thrown: unknown): unknown {
  if (thrown instanceof AxiosError)
    return thrown.cause instanceof NetworkError
      ? thrown.cause
      : new NetworkError(thrown.code ?? 'unknown', thrown.message);
  if (thrown instanceof NetworkError || thrown instanceof AnswerTooLarge) return thrown;
  const { code, message } = thrown as Partial<NodeJS.ErrnoException>; // an object of some kind, as is whatever Node throws
  return typeof code === 'string' ? new NetworkError(code, message ?? '') : thrown;
}
