import { createHmac } from 'node:crypto';
import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';

/* Ashby's side of the wire, written from its documentation and sharing no code with the receiver. */

export const SECRET = 'a-secret-for-tests-0123456789';

export const sign = (body: string | Buffer, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

export const event = (id: string, data: unknown = {}, action = 'jobUpdate'): string =>
  JSON.stringify({ webhookActionId: id, action, data });

export interface Answer {
  status: number;
  text: string;
}

export interface Delivery {
  method?: string;
  path?: string;
  headers?: OutgoingHttpHeaders;
  agent?: Agent;
}

/** Posts a body, signed unless the headers say otherwise. Rejects where no answer comes. */
export function deliver(
  port: number,
  body: string | Buffer,
  { method = 'POST', path = '/', headers, agent }: Delivery = {},
): Promise<Answer> {
  const given = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'ashby-signature': sign(body),
    ...headers,
  };
  // What is given as undefined is left out.
  const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers: sent, ...(agent ? { agent } : {}) },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Writes bytes as they are, and resolves with what came back when the other side closes or `until` is met. */
export async function raw(
  port: number,
  text: string,
  until: (answer: string) => boolean = () => false,
): Promise<string> {
  const socket = await connected(port);
  return new Promise((resolve) => {
    let answer = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      answer += part;
      if (until(answer)) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.write(text);
  });
}

export function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Ashby as it retries: the same body until 200, which it takes for the end of the matter. */
export class Ashby {
  /** Bodies that were answered 200, by their id. */
  readonly acknowledged = new Map<string, string>();
  /** The answers that made it send again. */
  readonly again: (number | string)[] = [];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  /** One attempt. */
  async attempt(port: number, id: string, body: string): Promise<boolean> {
    try {
      const { status } = await deliver(port, body, { agent: this.#agent });
      if (status !== 200) this.again.push(status);
      else this.acknowledged.set(id, body);
      return status === 200;
    } catch (failure) {
      this.again.push(failure instanceof Object && 'code' in failure ? String(failure.code) : 'no answer');
      return false;
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}
