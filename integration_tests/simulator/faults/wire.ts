/** Sends an answer, or what a fault on the connection makes of it. */

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Payload } from './bytes.ts';
import type { FaultEffect } from './effects.ts';

/** Faults after which nothing of an answer is sent, nor logged as one. */
export const SILENT: ReadonlySet<string> = new Set(['refuse', 'reset', 'hang', 'raw']);

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends status, headers and body, with the fault if there is one. Resolves when the simulator has nothing more to do. */
export async function sendAnswer(o: {
  response: ServerResponse;
  status: number;
  headers: Record<string, string>;
  payload: Payload;
  effect?: FaultEffect | undefined;
}): Promise<void> {
  const { response, status, payload, effect } = o;
  const { socket } = response;
  const headers = { ...o.headers, ...payload.headers };
  response.writeHead(status, headers);
  const half = payload.bytes.subarray(0, payload.bytes.length >> 1);
  switch (effect?.kind) {
    case 'resetMidBody':
      response.write(half, () => setTimeout(() => socket?.resetAndDestroy(), 5));
      return;
    case 'stall':
      response.write(half);
      return;
    case 'drip':
      return drip(response, payload.bytes, effect);
    case 'length':
      // The server would not let a wrong length pass; the bytes go out as they are, and the connection ends after them.
      response.flushHeaders();
      socket?.end(payload.bytes);
      return;
    case 'sentTwice':
      response.end(payload.bytes, () => again(socket, status, headers, payload.bytes));
      return;
    default:
      response.end(payload.bytes);
  }
}

/** Bytes on the connection that no server of HTTP would send. */
export function sendRaw(socket: Socket, text: string): void {
  socket.end(text, 'latin1');
}

async function drip(response: ServerResponse, bytes: Buffer, o: { pieces: number; delayMs: number }): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / o.pieces));
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    await wait(o.delayMs);
    response.write(bytes.subarray(at, at + size));
  }
  response.end();
}

function again(socket: Socket | null, status: number, headers: Record<string, string | number>, bytes: Buffer): void {
  if (!socket || socket.destroyed) return;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} OK\r\n${lines.join('')}\r\n`, 'latin1');
  socket.write(bytes);
}
