import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { codeOf } from '../failure.ts';
import type { Arrival, Fate } from '../inbox/inbox.ts';
import type { Refusal, Tally } from '../tally.ts';
import type { ProtectPersonalData } from '../world.ts';
import { collect } from './body.ts';
import { Connections } from './connections.ts';
import { readEnvelope } from './envelope.ts';
import { Intake } from './intake.ts';
import { sweeper } from './sweep.ts';
import { digestOf, isSigned } from './signature.ts';

export interface Bounds {
  /** The largest body; Ashby names no size. */
  bodyBytes: number;
  /** All bodies that are on their way together. */
  allBodiesBytes: number;
  connections: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
}

export const defaultBounds: Bounds = {
  bodyBytes: 5 * 1024 * 1024,
  allBodiesBytes: 8 * 1024 * 1024,
  connections: 1_024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
};

export interface ListenerOptions {
  secrets: readonly string[];
  /** Resolves when the arrival is durable. */
  keep(arrival: Arrival): Promise<Fate>;
  /** Told of every event that is new or has changed, after it was kept. */
  onEvent(arrival: Arrival): void;
  protect: ProtectPersonalData;
  tally: Tally;
  now(): number;
  warn(reason: Refusal): void;
  storeTrouble(code: string): void;
  bounds?: Bounds;
}

/** Longer than a load balancer keeps an idle connection, so that it is never we who close one that it just takes. */
const KEEP_ALIVE_MS = 75_000;
/** How often Node looks for connections that are too slow. */
const LOOK_EVERY_MS = 1_000;

/**
 * The server that Ashby posts to. Ashby gives an event up at once on 401, 403, 404, 405 and 410, and repeats it on
 * whatever else is not 2xx (developers.ashbyhq.com, "Retries"); so none of those five is ever an answer here, whatever
 * the path or the method: a wrong address is then noticed and put right while the event is still repeated.
 */
export class Listener {
  readonly server: Server;
  readonly connections: Connections;
  readonly intake: Intake;
  readonly #options: ListenerOptions;
  readonly #bounds: Bounds;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#bounds = options.bounds ?? defaultBounds;
    const { headersTimeoutMs, requestTimeoutMs } = this.#bounds;
    this.server = createServer({
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: LOOK_EVERY_MS,
    });
    this.connections = new Connections(this.server, this.#bounds.connections);
    this.intake = new Intake(this.#bounds.allBodiesBytes, sweeper());
    this.server.on('request', (request, response) => void this.#answer(request, response));
    this.server.on('clientError', (error, socket) => this.#malformed(error, socket));
    // What Node would answer with 417, or by closing the connection without a word.
    this.server.on('checkExpectation', (request, response) => void this.#answer(request, response));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    response.on('close', () => this.connections.done(socket));
    if (request.method === 'GET' && request.url === '/health') return this.#health(response);
    const outcome = await this.#receive(request);
    if (!this.server.listening) response.shouldKeepAlive = false; // it is about to stop
    if (typeof outcome === 'string') this.#refuse(outcome, response);
    else send(response, outcome.status, outcome.text);
  }

  async #receive(request: IncomingMessage): Promise<Refusal | { status: number; text: string }> {
    const { secrets, protect, now, tally, keep, onEvent, storeTrouble } = this.#options;
    if (request.method !== 'POST') return 'not-a-delivery';
    const digest = digestOf(request.headers['ashby-signature']);
    if (!digest) return 'no-signature';
    const collected = await collect(request, this.intake, this.#bounds.bodyBytes);
    if ('refusal' in collected) return collected.refusal;
    const { body, lease } = collected;
    this.connections.busy(request.socket);
    try {
      if (!isSigned(body, digest, secrets)) return 'bad-signature';
      const arrival = readEnvelope(body, now(), protect);
      if (!arrival) return 'not-json';
      const fate = await keep(arrival);
      tally.kept(fate, now());
      if (fate !== 'repeated') onEvent(arrival);
      return { status: 200, text: 'kept' };
    } catch (failure) {
      const code = codeOf(failure);
      tally.storeFailed(code, now());
      storeTrouble(code);
      return { status: 503, text: 'cannot be kept just now' };
    } finally {
      lease.end();
    }
  }

  #refuse(reason: Refusal, response: ServerResponse): void {
    this.#options.tally.refuse(reason, this.#options.now());
    this.#options.warn(reason);
    // What remains of a body is read and dropped by Node, so that the answer arrives before the connection ends.
    send(response, reason === 'too-large' ? 413 : reason === 'too-busy' ? 503 : 400, `refused: ${reason}`);
  }

  /** For load balancers, which ask the port that they send to: no more than whether deliveries can be kept. */
  #health(response: ServerResponse): void {
    const { storeInTrouble } = this.#options.tally;
    send(response, storeInTrouble ? 503 : 200, storeInTrouble ? 'the inbox is in trouble' : 'ok');
  }

  #malformed(error: Error, socket: Duplex): void {
    if (!socket.writable || codeOf(error) === 'ECONNRESET') return void socket.destroy();
    const slow = codeOf(error) === 'ERR_HTTP_REQUEST_TIMEOUT';
    const reason = slow ? 'cut-off' : 'malformed';
    this.#options.tally.refuse(reason, this.#options.now());
    this.#options.warn(reason);
    const status = slow ? '408 Request Timeout' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  if (response.destroyed) return; // the sender has gone
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
