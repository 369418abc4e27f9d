/** The simulator's controls over HTTP, for other processes: JSON POST to /_control/<name>, from this machine only. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { KINDS, type Fault } from './faults/effects.ts';
import type { Simulator } from './simulator.ts';
import { PERMISSIONS, type Body, type Permission } from './types.ts';

type Arguments = Record<string, unknown>;

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const bodyOf = (a: Arguments): Body => (typeof a['body'] === 'object' && a['body'] !== null ? (a['body'] as Body) : {});
function text(a: Arguments, name: string): string {
  if (typeof a[name] !== 'string') throw new Error(`${name} must be a string`);
  return a[name];
}

/** JSON has no functions and no Infinity: `where` is an object of equal fields, `times` and `forMs` may be "Infinity". */
function faultOf(a: Arguments): Fault {
  if (!KINDS.has(String(a['kind']))) throw new Error(`kind must be one of ${[...KINDS].join(', ')}`);
  const { where, times, forMs, ...rest } = a;
  return {
    ...rest,
    ...(times === undefined ? {} : { times: Number(times) }),
    ...(forMs === undefined ? {} : { forMs: Number(forMs) }),
    ...(where && typeof where === 'object'
      ? {
          where: (body: Body) =>
            Object.entries(where).every(([key, value]) => JSON.stringify(body[key]) === JSON.stringify(value)),
        }
      : {}),
  } as Fault; // kind was checked, and a wrong detail only makes a wrong answer
}

function commands(simulator: Simulator): Record<string, (a: Arguments) => unknown> {
  return {
    requests: () => simulator.requests(),
    'clear-requests': () => simulator.clearRequests(),
    statistics: (a) => ({
      maxRequestsInAnyMinute: simulator.maxRequestsInAnyMinute(a['key'] as string | undefined),
      throttled: simulator.throttled(),
    }),
    count: (a) => ({ count: simulator.count(text(a, 'endpoint'), bodyOf(a)) }),
    change: (a) => simulator.change(text(a, 'endpoint'), a as { fraction?: number }),
    insert: (a) =>
      simulator.insert(text(a, 'endpoint'), Number(a['count'] ?? 1), {
        ...(a['at'] === undefined ? {} : { at: Number(a['at']) }),
        ...(a['overMs'] === undefined ? {} : { overMs: Number(a['overMs']) }),
      }),
    remove: (a) => simulator.remove(text(a, 'endpoint'), (a['ids'] as string[] | undefined) ?? Number(a['count'] ?? 1)),
    hide: (a) => simulator.hide(text(a, 'endpoint'), (a['ids'] as string[] | undefined) ?? Number(a['count'] ?? 1)),
    show: (a) => simulator.show(text(a, 'endpoint'), a['ids'] as string[] | undefined),
    merge: (a) => simulator.merge(text(a, 'from'), text(a, 'into')),
    'vanish-parent': (a) => simulator.vanishParent(text(a, 'endpoint'), text(a, 'id')),
    'expire-tokens': () => simulator.expireTokens(),
    'expire-cursors': () => simulator.expireCursors(),
    fault: (a) => simulator.fault(faultOf(a)),
    'clear-faults': () => simulator.clearFaults(),
    set: (a) => simulator.set(a),
    'add-key': (a) => {
      const permissions = (a['permissions'] as Permission[] | undefined) ?? [...PERMISSIONS];
      const unknown = permissions.find((permission) => !PERMISSIONS.includes(permission));
      if (unknown !== undefined) throw new Error(`no permission is called ${unknown}`);
      return { key: simulator.addKey({ permissions, disabled: a['disabled'] === true }) };
    },
  };
}

export function makeControl(
  simulator: Simulator,
): (request: IncomingMessage, response: ServerResponse, text: string) => void {
  const known = commands(simulator);
  const answer = (response: ServerResponse, status: number, value: unknown): void => {
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(value ?? { ok: true }) + '\n');
  };
  return (request, response, raw) => {
    const name = (request.url ?? '').replace(/^\/_control\//, '').split('?')[0] ?? '';
    if (!LOOPBACK.has(request.socket.remoteAddress ?? ''))
      return answer(response, 403, { error: 'controls answer this machine only' });
    if (request.method !== 'POST') return answer(response, 405, { error: 'use POST' });
    try {
      const given: unknown = raw.trim() === '' ? {} : JSON.parse(raw);
      if (typeof given !== 'object' || given === null || Array.isArray(given))
        throw new Error('the body must be a JSON object');
      const command = known[name];
      if (name === 'rows') stream(simulator, given as Arguments, response);
      else if (command) answer(response, 200, command(given as Arguments));
      else answer(response, 404, { error: `unknown control; there are rows, ${Object.keys(known).join(', ')}` });
    } catch (error) {
      answer(response, 400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

/** Writes rows as JSON lines, as fast as they are read. */
function stream(simulator: Simulator, a: Arguments, response: ServerResponse): void {
  const rows = simulator.rows(text(a, 'endpoint'), bodyOf(a));
  const first = rows.next(); // bad arguments surface here, before the status is sent
  response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
  let next = first;
  const pump = (): void => {
    while (!next.done) {
      const more = response.write(JSON.stringify(next.value) + '\n');
      next = rows.next();
      if (!more) {
        response.once('drain', pump);
        return;
      }
    }
    response.end();
  };
  pump();
}
