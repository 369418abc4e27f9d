import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GroupCommit } from '../../src/webhooks/inbox/group.ts';
import type { Arrival, Inbox, KeptEvent } from '../../src/webhooks/inbox/inbox.ts';

/*
 * What every inbox must do, whatever it is stored in. sqlite.test.ts and postgres/postgres.test.ts run it.
 */

export interface Place {
  /** Opens the same store once more: another process, or the same one after a crash. */
  open(): Promise<Inbox>;
  /** Throws the store away. */
  remove(): Promise<void>;
}

const WIDE = { limit: 1_000_000, maxBytes: Infinity };
const at = Date.UTC(2026, 10, 1);

export const arrival = (
  id: string | undefined,
  body: unknown = {},
  action = 'jobUpdate',
  receivedAtMs = at,
): Arrival => ({
  id,
  action,
  receivedAtMs,
  body: Buffer.from(JSON.stringify(body)),
});
const numbers = (events: readonly KeptEvent[]): number[] => events.map(({ number }) => number);
const texts = (events: readonly KeptEvent[]): string[] => events.map(({ body }) => body.toString());

export function inboxContract(name: string, make: () => Promise<Place>): void {
  describe(`the inbox in ${name}`, () => {
    let place: Place;
    let inbox: Inbox;
    const others: Inbox[] = [];
    const another = async (): Promise<Inbox> => {
      const other = await place.open();
      others.push(other);
      return other;
    };

    beforeEach(async () => {
      place = await make();
      inbox = await place.open();
    });
    afterEach(async () => {
      await Promise.all([inbox, ...others.splice(0)].map((open) => open.close()));
      await place.remove();
    });

    test('keeps events in the order of arrival, byte for byte, with growing numbers', async () => {
      const body = Buffer.from('{ "data": {"salary": 12345678901234567890.10, "name": "Zoë \\u0000"} }');
      expect(await inbox.append([arrival('a'), { ...arrival('b'), body }])).toEqual(['new', 'new']);
      expect(await inbox.append([arrival('c', { x: 1 }, 'offerCreate', at + 5)])).toEqual(['new']);
      const page = await inbox.read(0, WIDE);
      expect(page.events).toEqual([
        { number: 1, ...arrival('a') },
        { number: 2, ...arrival('b'), body },
        { number: 3, ...arrival('c', { x: 1 }, 'offerCreate', at + 5) },
      ]);
      expect(page).toMatchObject({ next: 3, oldest: 1, newest: 3 });
      expect(page.inbox).toMatch(/^[0-9a-f-]{36}$/);
    });

    test('an empty inbox answers with the number that was asked', async () => {
      expect(await inbox.read(0, WIDE)).toMatchObject({ events: [], next: 0, oldest: 1, newest: 0 });
      expect(await inbox.read(7, WIDE)).toMatchObject({ events: [], next: 7, newest: 0 });
      expect(await inbox.append([])).toEqual([]);
    });

    test('a repetition with the same body changes nothing', async () => {
      await inbox.append([arrival('a', 1), arrival('b', 2)]);
      const before = await inbox.read(0, WIDE);
      expect(await inbox.append([arrival('a', 1, 'jobUpdate', at + 99), arrival('b', 2)])).toEqual([
        'repeated',
        'repeated',
      ]);
      expect(await inbox.read(0, WIDE)).toEqual(before);
    });

    test('a repetition with another body takes a new number, and the old body is gone', async () => {
      await inbox.append([arrival('a', 'old'), arrival('b', 2)]);
      expect(await inbox.append([arrival('a', 'new', 'jobUpdate', at + 1)])).toEqual(['changed']);
      const { events, oldest } = await inbox.read(0, WIDE);
      expect(numbers(events)).toEqual([2, 3]);
      expect(events[1]).toEqual({ number: 3, ...arrival('a', 'new', 'jobUpdate', at + 1) });
      expect(oldest).toBe(1); // nothing was lost: a reader need not worry
    });

    test('the same id of another action is another event; without an id each delivery is one', async () => {
      const fates = await inbox.append([arrival('a', 1, 'candidateHire'), arrival('a', 1, 'applicationUpdate')]);
      expect(fates).toEqual(['new', 'new']);
      await inbox.append([arrival(undefined, 1), arrival(undefined, 1)]);
      expect((await inbox.read(0, WIDE)).events.map(({ id }) => id)).toEqual(['a', 'a', undefined, undefined]);
    });

    test('within one group it is as if they had come one by one', async () => {
      const fates = await inbox.append([
        ...[arrival('a', 1), arrival('a', 1), arrival('b', 1), arrival('b', 2), arrival('b', 2)],
        ...[arrival('c', 1), arrival('c', 2), arrival('c', 1)],
      ]);
      expect(fates).toEqual(['new', 'repeated', 'new', 'changed', 'repeated', 'new', 'changed', 'changed']);
      const { events } = await inbox.read(0, WIDE);
      expect(events.map(({ id, body }) => `${id ?? ''}${body.toString()}`)).toEqual(['a1', 'b2', 'c1']);
    });

    test('a page ends at its limit, and at its bytes once it holds an event', async () => {
      await inbox.append(['a', 'b', 'c', 'd'].map((id) => arrival(id, 'x'.repeat(98)))); // 100 bytes each
      const page = async (behind: number, bounds: object): Promise<number[]> =>
        numbers((await inbox.read(behind, { ...WIDE, ...bounds })).events);
      expect(await page(0, { limit: 3 })).toEqual([1, 2, 3]);
      expect(await page(1, { limit: 2 })).toEqual([2, 3]);
      expect(await page(0, { maxBytes: 200 })).toEqual([1, 2]);
      expect(await page(0, { maxBytes: 199 })).toEqual([1]);
      expect(await page(0, { maxBytes: 1 })).toEqual([1]);
      expect(await inbox.read(1, { limit: 2, maxBytes: Infinity })).toMatchObject({ next: 3, newest: 4, last: 4 });
    });

    test('reading deletes nothing, and the same place gives the same events again', async () => {
      await inbox.append([arrival('a'), arrival('b')]);
      expect(await inbox.read(0, WIDE)).toEqual(await inbox.read(0, WIDE));
    });

    test('what is too old goes, the oldest first, and the reader is told from where on all is there', async () => {
      await inbox.append([1, 2, 3, 4, 5].map((day) => arrival(String(day), day, 'jobUpdate', at + day)));
      expect(await inbox.expire(at + 4, 2)).toBe(2);
      expect(await inbox.read(0, WIDE)).toMatchObject({ oldest: 3, newest: 5 });
      expect(await inbox.expire(at + 4, 2)).toBe(1);
      expect(await inbox.expire(at + 4, 2)).toBe(0);
      const page = await inbox.read(0, WIDE);
      expect([numbers(page.events), page.oldest]).toEqual([[4, 5], 4]);
    });

    test('numbers are never used again: not after all events have expired, nor in the next process', async () => {
      await inbox.append([arrival('a'), arrival('b')]);
      expect(await inbox.expire(at + 1, 10)).toBe(2);
      expect(await inbox.read(0, WIDE)).toMatchObject({ events: [], oldest: 3, newest: 2, last: 0 });
      const next = await another();
      await next.append([arrival('c')]);
      expect(await next.read(0, WIDE)).toMatchObject({ events: [{ number: 3 }], oldest: 3, newest: 3 });
    });

    test('erased events are gone, and nothing else is', async () => {
      await inbox.append([arrival('a'), arrival('b'), arrival('c')]);
      await inbox.erase([2, 77]);
      await inbox.scrub();
      expect(await inbox.read(0, WIDE)).toMatchObject({ events: [{ number: 1 }, { number: 3 }], oldest: 1 });
    });

    test('has an identity that stays, until it is renewed', async () => {
      const { inbox: identity } = await inbox.read(0, WIDE);
      const other = await another();
      expect((await other.read(0, WIDE)).inbox).toBe(identity);
      const renewed = await other.renewIdentity();
      expect(renewed).not.toBe(identity);
      expect((await inbox.read(0, WIDE)).inbox).toBe(renewed); // also in a process that runs already
    });

    test('counts what no reader has asked for', async () => {
      await inbox.append([arrival('a'), arrival('b'), arrival('c')]);
      expect(await inbox.facts()).toMatchObject({ askedBehind: undefined, backlog: 3, oldest: 1, newest: 3 });
      await inbox.noteAsked(2);
      await inbox.noteAsked(1); // a state that was rolled back does not make a backlog
      expect(await inbox.facts()).toMatchObject({ askedBehind: 2, backlog: 1 });
      expect((await inbox.facts()).bytes).toBeGreaterThan(0);
    });

    test('remembers subscriptions', async () => {
      await inbox.saveSubscription({ type: 'offerCreate', webhookId: 'one' });
      await inbox.saveSubscription({ type: 'jobCreate', webhookId: 'two' });
      await inbox.saveSubscription({ type: 'offerCreate', webhookId: 'three' });
      const other = await another();
      expect(await other.subscriptions()).toEqual([
        { type: 'jobCreate', webhookId: 'two' },
        { type: 'offerCreate', webhookId: 'three' },
      ]);
      await other.forgetSubscription('jobCreate');
      expect(await inbox.subscriptions()).toEqual([{ type: 'offerCreate', webhookId: 'three' }]);
    });

    test('two writers side by side: each event once, and no number appears behind a higher one', async () => {
      const writers = [inbox, await another()].map((open) => new GroupCommit((group) => open.append(group)));
      const reader = await another();
      const MANY = 400;
      let writing = true;
      const seen: number[] = [];
      const watching = (async () => {
        for (;;) {
          const last = !writing;
          const { events } = await reader.read(seen.at(-1) ?? 0, WIDE);
          seen.push(...numbers(events)); // a number that appears late is behind the place and is never seen
          if (last) return;
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      // Each delivery goes to both, as from a load balancer that doubles.
      const lane = async (first: number): Promise<void> => {
        for (let index = first; index < MANY; index += 20) {
          await Promise.all(writers.map((writer) => writer.add(arrival(`event-${index}`, index))));
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, first) => lane(first)));
      writing = false;
      await watching;
      const { events } = await inbox.read(0, WIDE);
      expect(events).toHaveLength(MANY);
      expect(new Set(texts(events)).size).toBe(MANY);
      expect(seen).toEqual(numbers(events));
    });
  });
}
