import { isObject } from '../json-text.ts';

/** What came in with --state: a value for each stream, still unread, and sentences about what was ignored. */
export interface IncomingState {
  streams: Map<string, unknown>;
  warnings: string[];
}

/**
 * Takes a state apart. Accepted: nothing, `[]`, `{}`, a list of state messages of type STREAM (what every client
 * sends today, also wrapped as whole AirbyteMessages), and GLOBAL ones. Anything else is ignored with a warning, and
 * the streams concerned start from the beginning; nothing in a state can make a run fail.
 */
export function parseState(value: unknown): IncomingState {
  const incoming: IncomingState = { streams: new Map(), warnings: [] };
  if (value === undefined || value === null) return incoming;
  const entries: unknown[] = Array.isArray(value)
    ? value
    : isObject(value) && Object.keys(value).length === 0
      ? []
      : [value];
  let ignored = 0;
  for (const entry of entries) if (!take(entry, incoming.streams)) ignored += 1;
  if (ignored > 0) {
    incoming.warnings.push(
      `${ignored} of ${entries.length} entries of the given state are not of this connector's kind (STREAM states) and are ignored; ` +
        'streams without a state of their own start from the beginning.',
    );
  }
  return incoming;
}

function take(entry: unknown, streams: Map<string, unknown>): boolean {
  if (!isObject(entry)) return false;
  if (isObject(entry['state']) && entry['type'] === 'STATE') return take(entry['state'], streams);
  const global = entry['global'];
  if (isObject(global)) {
    const parts = global['stream_states'];
    if (!Array.isArray(parts)) return false;
    return parts.map((part) => takeStream(part, streams)).every(Boolean);
  }
  return takeStream(entry['stream'], streams);
}

function takeStream(part: unknown, streams: Map<string, unknown>): boolean {
  if (!isObject(part) || !isObject(part['stream_descriptor'])) return false;
  const name = part['stream_descriptor']['name'];
  if (typeof name !== 'string') return false;
  streams.set(name, part['stream_state']);
  return true;
}
