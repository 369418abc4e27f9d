import { membersOf, type JsonSpan } from '../../ashby/rows/json-scan.ts';
import type { Fields, Row } from '../../ashby/rows/rows.ts';
import { encodeJson } from '../../json-text.ts';
import type { InboxSource, TableOf } from '../definition.ts';
import { at } from '../event-names.ts';

/**
 * What identifies an event: its id and action, the same however often it comes (the three events of one hire may share
 * an id); for one without id its number in its inbox.
 */
export function eventKey({ id, action, number }: Fields, inbox: string): string {
  return typeof id === 'string' ? `${id}:${String(action)}` : `${inbox}:${String(number)}`;
}

/** Whether the event is one that the table is made of. */
export function isEventOf({ action, where }: InboxSource, { value }: Row): boolean {
  if (action !== undefined && value['action'] !== action) return false;
  return where === undefined || at(value['body'], `data.${where.path}`) === where.is;
}

/**
 * The table's row of an event: what the inbox says of it, and the columns out of its payload, as the bytes that they
 * came in. Undefined where the column that the table needs is not there.
 */
export function rowOfEvent({ source, addsKey }: TableOf<InboxSource>, event: Row, inbox: string): Row | undefined {
  const { action, columns, needs } = source;
  const { number, id, action: own, receivedAt, body } = event.value;
  const head: Record<string, unknown> = { ...(addsKey ? { _key: eventKey(event.value, inbox) } : {}), number };
  if (action === undefined) Object.assign(head, { id, action: own });
  Object.assign(head, { receivedAt });
  if (needs !== undefined && Object.hasOwn(columns, needs)) {
    const needed = at(body, `data.${columns[needs] ?? ''}`);
    if (typeof needed !== 'string' || needed === '') return undefined;
  }
  const value: Record<string, unknown> = { ...head };
  const parts: Buffer[] = [Buffer.from(encodeJson(head).slice(0, -1))];
  for (const [column, path] of Object.entries(columns)) {
    const full = path === '' ? 'body.data' : `body.data.${path}`;
    const span = spanAt(event.json, full.split('.'));
    value[column] = at(event.value, full) ?? null;
    parts.push(Buffer.from(`,${JSON.stringify(column)}:`), span ? bytesOf(span) : Buffer.from('null'));
  }
  const bytes = Buffer.concat([...parts, Buffer.from('}')]);
  const unsafe = event.unsafe ? { unsafe: event.unsafe } : {};
  return { value, json: { bytes, from: 0, to: bytes.length }, ...unsafe };
}

function spanAt(json: JsonSpan, path: readonly string[]): JsonSpan | undefined {
  let span: JsonSpan | undefined = json;
  // As in JSON.parse, the last member of a name counts.
  for (const part of path) span = span && membersOf(span)?.findLast(({ name }) => name === part)?.value;
  return span;
}

function bytesOf({ bytes, from, to }: JsonSpan): Buffer {
  return bytes.subarray(from, to);
}
