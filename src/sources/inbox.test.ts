import { expect, test } from '@jest/globals';
import type { InboxPage } from '../inbox/page.ts';
import { rowsOf } from '../testing/rows.ts';
import { inboxBatches } from './inbox.ts';

const INBOX = 'inbox-1';

/** An inbox that holds these numbers and gives out two at a time. */
function inboxWith(numbers: number[], rest: Partial<InboxPage> = {}) {
  const asked: number[] = [];
  const ask = (after: number): Promise<InboxPage> => {
    asked.push(after);
    const given = numbers.filter((number) => number > after).slice(0, 2);
    return Promise.resolve({
      inbox: INBOX,
      next: given.at(-1) ?? after,
      oldest: 1,
      newest: Math.max(0, ...numbers),
      last: Math.max(0, ...numbers),
      events: rowsOf(given.map((number) => ({ number }))),
      ...rest,
    });
  };
  return { ask, asked };
}

async function read(ask: (after: number) => Promise<InboxPage>, number = 0, oldest = 1) {
  const start = { kind: 'inbox', inbox: INBOX, number } as const;
  const told: [unknown[], unknown, boolean][] = [];
  for await (const { rows, place, end } of inboxBatches({ start, oldest }, { ask, now: () => 0 }))
    told.push([rows.map(({ value }) => value['number']), place?.kind === 'inbox' && place.number, end !== undefined]);
  return told;
}

test('events come page by page, each with the number that a later run goes on behind', async () => {
  const { ask, asked } = inboxWith([1, 2, 4, 7, 9]);
  expect(await read(ask)).toEqual([
    [[1, 2], 2, false],
    [[4, 7], 7, false],
    [[9], 9, true],
  ]);
  expect(asked).toEqual([0, 2, 7]);
});

test('what arrives while it is read is left to the next run', async () => {
  const numbers = [1, 2, 3];
  const { ask } = inboxWith(numbers);
  const arriving = async (after: number): Promise<InboxPage> => {
    const page = await ask(after);
    numbers.push(numbers.length + 1, numbers.length + 2);
    return page;
  };
  expect(await read(arriving)).toEqual([
    [[1, 2], 2, false],
    [[3, 4], 4, true],
  ]);
});

test('an inbox without events behind the number ends at once, behind all that has expired', async () => {
  expect(await read(inboxWith([3]).ask, 3)).toEqual([[[], 3, true]]);
  expect(await read(inboxWith([], { oldest: 6, newest: 5 }).ask, 0, 6)).toEqual([[[], 5, true]]);
});

test('numbers that were given to events which are erased by now are no events that are missing', async () => {
  expect(await read(inboxWith([1, 2], { newest: 5 }).ask)).toEqual([[[1, 2], 2, true]]);
  expect(await read(inboxWith([1, 2], { newest: 5 }).ask, 2)).toEqual([[[], 2, true]]);
});

test('another inbox, and events that expired on the way, are failures', async () => {
  await expect(read(inboxWith([1], { inbox: 'inbox-2' }).ask)).rejects.toThrow(/Another webhook inbox/);
  await expect(read(inboxWith([8, 9], { oldest: 8 }).ask, 3, 4)).rejects.toThrow(/deleted .* while it was read/);
  expect(await read(inboxWith([8, 9], { oldest: 8 }).ask, 3, 8)).toHaveLength(1); // it was known, and told, before
});
