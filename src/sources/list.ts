import { paginate } from '../ashby/paginate.ts';
import type { Body, ListEndpoint, ListSource } from '../tables/definition.ts';
import { NewKeys, pagesOf, type AskPage, type SourceWorld } from './ask.ts';
import type { Batches } from './batch.ts';
import { eachHasId } from './checks.ts';
import { EVERYTHING, tokenOf, type Place } from './place.ts';

/** A list that is walked for one value of `surveyType`, where it wants one. */
export interface ListQuery {
  source: ListSource;
  /** The field that each row must have. */
  idField: string;
  surveyType: string | undefined;
}

/** Walks a list from a place to its end. Its last batch carries the sync token of the walk. */
export async function* listBatches(query: ListQuery, start: Place, world: SourceWorld): Batches {
  const { source, surveyType, idField } = query;
  const from = tokenOf(start);
  const newKeys = new NewKeys(source, world.warn);
  const sent = { ...listBody(source, surveyType), ...(from === null ? {} : { syncToken: from }) };
  const ask = asker({ source, idField, body: sent, newKeys }, world);
  const startCursor = start.kind === 'walking' ? start.cursor : undefined;
  for await (const page of paginate({ ask, endpoint: source.endpoint, startCursor })) {
    const { rows, nextCursor, answer } = page;
    const arrivedAtMs = answer.arrivedAtMs;
    if (nextCursor !== undefined) {
      // A run that goes on would ask in the whole form, with a cursor of the shortened one.
      const place: Place | undefined = newKeys.shortened ? undefined : { kind: 'walking', from, cursor: nextCursor };
      yield { rows, arrivedAtMs, place };
      continue;
    }
    // A token of a shortened request would go on leaving out what the whole one is about.
    const token = newKeys.shortened || !source.givesToken ? null : (page.syncToken ?? null);
    const tokenMissing = source.givesToken && !newKeys.shortened && token === null;
    yield {
      rows,
      arrivedAtMs,
      place: afterWalk(token, newKeys.shortened ? null : from),
      end: { token, tokenMissing, ...(newKeys.shortened ? { shortened: true } : {}) },
    };
  }
}

/** Behind a walk stands its token; one that gave none leaves the token that it started from, if that is still right. */
function afterWalk(token: string | null, from: string | null): Place {
  const kept = token ?? from;
  return kept === null ? EVERYTHING : { kind: 'changes', token: kept };
}

/** What a list is always asked with. */
export function listBody(list: Pick<ListEndpoint, 'body'>, surveyType: string | undefined): Body {
  return { ...list.body, ...(surveyType === undefined ? {} : { surveyType }) };
}

/** A list that comes in one piece may be larger than a page of a hundred rows. */
const WHOLE_LIST_BYTES = 128 * 1024 * 1024;

/** Makes the function that asks a list endpoint for its pages. */
export function asker(
  { source, idField, body, newKeys }: { source: ListEndpoint; idField: string; body: Body; newKeys: NewKeys },
  world: SourceWorld,
): AskPage {
  const { endpoint, permission, more, sendsLimit } = source;
  const request = { endpoint, permission, more, ...(sendsLimit ? {} : { maxAnswerBytes: WHOLE_LIST_BYTES }) };
  return pagesOf(
    { request, body: { ...body, ...(sendsLimit ? { limit: 100 } : {}) }, newKeys, check: eachHasId(idField) },
    world,
  );
}
