import { anotherInbox, expired } from '../inbox/errors.ts';
import type { InboxPage } from '../inbox/page.ts';
import type { Batches } from './batch.ts';
import type { InboxPlace } from './place.ts';

/** What the source needs of the inbox: a page of events behind a number. */
export type AskInbox = (after: number) => Promise<InboxPage>;

export interface InboxQuestion {
  start: InboxPlace;
  /** The oldest number that was there when it was decided to start here. */
  oldest: number;
}

/**
 * Reads the events of one inbox behind a number, up to the newest one that there is when the reading begins: what comes
 * later is the next run's, or it would never end. The last batch carries the end.
 *
 * Throws an InboxError where the inbox does not answer, where another one does, and where events were deleted as too old
 * before they were read: the next run sees that they are gone, and says so.
 */
export async function* inboxBatches(
  { start, oldest }: InboxQuestion,
  { ask, now }: { ask: AskInbox; now(): number },
): Batches {
  const { inbox } = start;
  let { number } = start;
  for (let goal: number | undefined; ;) {
    const page = await ask(number);
    if (page.inbox !== inbox) throw anotherInbox();
    if (page.oldest > oldest && page.oldest > number + 1) throw expired();
    goal ??= page.last;
    // An empty page ends all that is there: behind it only numbers of erased and expired events are left.
    number = page.events.length === 0 ? Math.max(page.next, page.oldest - 1) : page.next;
    const isEnd = page.events.length === 0 || number >= goal;
    const place: InboxPlace = { kind: 'inbox', inbox, number };
    yield {
      rows: page.events,
      arrivedAtMs: now(),
      place,
      parentId: inbox,
      ...(isEnd ? { end: { token: null } } : {}),
    };
    if (isEnd) return;
  }
}
