import type { Inbox } from './inbox/inbox.ts';

const PAGE = { limit: 200, maxBytes: 8 * 1024 * 1024 };

/** Fields of an event that is about the candidate, whose values lead to more events about the same person. */
const LEADS = new Set(['applicationId', 'offerId']);
const OBJECTS = new Set(['application', 'offer']);

/**
 * Deletes every event that names the candidate: by the candidate's id, or by the id of an application or an offer that
 * an event about the candidate names. Then the store is scrubbed, so that no text of them stays. Returns how many
 * events it were.
 *
 * A merge names two candidates: its event goes with either, and does not lead to the events of the other.
 */
export async function eraseCandidate(candidateId: string, inbox: Inbox): Promise<number> {
  const ids = new Set([candidateId]);
  let erased = 0;
  // An event may name an application before another one tells whose it is: again until a walk finds nothing new.
  for (let known = 0; known < ids.size;) {
    known = ids.size;
    erased += await walk(ids, inbox);
  }
  await inbox.scrub();
  return erased;
}

async function walk(ids: Set<string>, inbox: Inbox): Promise<number> {
  let erased = 0;
  for (let behind = 0; ;) {
    const { events, next } = await inbox.read(behind, PAGE);
    if (next === behind) return erased;
    const about: number[] = [];
    for (const { number, body } of events) {
      const event: unknown = JSON.parse(body.toString());
      if (!names(event, ids)) continue;
      about.push(number);
      for (const id of leads(event)) ids.add(id);
    }
    await inbox.erase(about);
    erased += about.length;
    behind = next;
  }
}

/** Whether any text anywhere in it is one of the ids. */
function names(value: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return ids.has(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((part) => names(part, ids));
}

function leads(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
    if (LEADS.has(key) && typeof part === 'string') return [part];
    if (OBJECTS.has(key) && typeof part === 'object' && part !== null && 'id' in part && typeof part.id === 'string') {
      return [part.id, ...leads(part)];
    }
    return leads(part);
  });
}
