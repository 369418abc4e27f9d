import { expect, test } from '@jest/globals';
import { readPage } from './page.ts';

const event = (number: number, rest: object = {}): object => ({
  ...{ number, id: 'e', action: 'jobUpdate', receivedAt: '2026-01-01T00:00:00.000Z', body: { data: {} } },
  ...rest,
});
const page = (rest: object = {}): object => ({
  ...{ inbox: 'i', next: 6, oldest: 1, newest: 6, last: 6, events: [event(4), event(6)] },
  ...rest,
});
const read = (value: unknown): unknown => readPage(Buffer.from(JSON.stringify(value)), { after: 3, limit: 2 });

test('a page keeps the bytes of its events, and says where the next one begins', () => {
  const text =
    '{"inbox":"i","next":4,"oldest":1,"newest":4,"last":4,"events":[{"number":4,"id":null,"action":"a","receivedAt":"2026-01-01T00:00:00Z","body":{"n":1.10}}]}';
  const read = readPage(Buffer.from(text), { after: 3, limit: 2 });
  if (typeof read === 'string') throw new Error(read);
  const [row] = read.events;
  expect(row?.json.bytes.toString('utf8', row.json.from, row.json.to)).toContain('{"n":1.10}');
  expect(read).toMatchObject({ inbox: 'i', next: 4, last: 4 });
});

test.each<[string, object]>([
  ['as asked for', page()],
  ['without events, where there are none', page({ events: [], next: 3, newest: 9, last: 3 })],
  ['without the last number, from an inbox whose last event is its newest', page({ last: undefined })],
])('a page %s is one', (_name, value) => {
  expect(read(value)).toMatchObject({ inbox: 'i' });
});

test.each<[string, unknown]>([
  ['no object', []],
  ['without identity', page({ inbox: '' })],
  ['with half a number', page({ next: 5.5 })],
  ['with a negative number', page({ oldest: -1 })],
  ['with more events than were asked for', page({ events: [event(4), event(5), event(6)] })],
  ['with an event that was read', page({ events: [event(3), event(6)] })],
  ['with an event twice', page({ events: [event(6), event(6)] })],
  ['whose next number skips events', page({ next: 9, newest: 9, last: 9 })],
  ['whose newest event is older than its events', page({ newest: 5, last: 5 })],
  ['that is empty though there is more', page({ events: [], next: 3 })],
  ['with an event without id', page({ events: [event(4, { id: undefined })], next: 4 })],
  ['with an event whose body is a list', page({ events: [event(4, { body: [] })], next: 4 })],
])('what is %s is no page', (_name, value) => {
  expect(read(value)).toEqual(expect.any(String));
});
