import { openAnswer, type Row } from '../ashby/rows/rows.ts';
import { isObject } from '../json-text.ts';

/** A page of the webhook inbox (docs/webhooks.md, "Reading by other programs"), after it has proved to be one. */
export interface InboxPage {
  /** The identity of the inbox: numbers belong to one identity. */
  inbox: string;
  /** The number to ask behind next. */
  next: number;
  /** Every event from this number on is there. */
  oldest: number;
  /** The last number that was given out. */
  newest: number;
  /** The number of the last event that is there, 0 where there is none. */
  last: number;
  /** The events, numbers rising: `number`, `id` (a text or null), `action`, `receivedAt`, `body` (an object). */
  events: readonly Row[];
}

/** Longer than any id that a receiver makes. */
const LONGEST_IDENTITY = 200;

/**
 * Reads what the inbox answered to "at most `limit` events behind `after`". Returns a half-sentence that says why it is
 * no such page where something of it contradicts the question, itself or the documentation: whatever an event that is
 * missing would look like must be found here, since an empty page ends the reading.
 */
export function readPage(body: Buffer, { after, limit }: { after: number; limit: number }): InboxPage | string {
  const opened = openAnswer(body, 'events');
  if (!opened) return 'it is no JSON object';
  const { inbox, next, oldest, newest, last = newest } = opened.envelope;
  if (typeof inbox !== 'string' || inbox === '' || inbox.length > LONGEST_IDENTITY) return 'it names no inbox';
  if (!isNumber(next) || !isNumber(oldest) || !isNumber(newest) || !isNumber(last)) return 'a number is missing';
  if (opened.results.kind !== 'rows') return 'it has no list of events';
  const events = opened.results.rows;
  if (events.length > limit) return 'it has more events than were asked for';
  let before = after;
  for (const { value } of events) {
    const { number, id, action, receivedAt, body: event } = value;
    if (!isNumber(number) || number <= before) return 'the numbers of its events do not rise';
    if (!(id === null || isText(id)) || !isText(action) || !isDate(receivedAt) || !isObject(event))
      return 'an event lacks a part';
    before = number;
  }
  if (next !== before) return 'its next number is not that of its last event';
  if (newest < before && events.length > 0) return 'its newest number is older than one of its events';
  if (last > newest || (events.length > 0 && last < before)) return 'its numbers contradict each other';
  if (events.length === 0 && last > after) return 'it has no events, though there are newer ones';
  return { inbox, next, oldest, newest, last, events };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
