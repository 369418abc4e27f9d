import type { AshbyRequest } from '../../ashby/client.ts';
import { AshbyError } from '../../ashby/envelope.ts';
import { paginate } from '../../ashby/paginate.ts';
import type { Row } from '../../ashby/rows/rows.ts';
import type { Body, CallsSource } from '../../tables/definition.ts';
import { withSmallerPages, type NewKeys, type SourceWorld } from '../ask.ts';
import { missingId, strangers } from '../checks.ts';

/** The calls of one table. */
export interface CallsQuery {
  source: CallsSource;
  /** Null where the parent's id is all that identifies the answer. */
  idField: string | null;
  /** The field of a child's row that names its parent, where it has one. */
  parentIdField: string | undefined;
}

/** Asks about one parent and yields the rows of each page of the answer. Throws what the client throws. */
export async function* rowsOfParent(
  query: CallsQuery,
  id: string,
  { newKeys, world }: { newKeys: NewKeys; world: SourceWorld },
): AsyncGenerator<readonly Row[], void, void> {
  const { source } = query;
  const { client, meter } = world;
  const body = { ...source.body, ...(source.answer === 'pages' ? { limit: 100 } : {}) };
  const whyNot = (rows: readonly Row[]): string | undefined => {
    const field = query.parentIdField ?? source.parameter;
    return missingId(rows, query.idField) ?? (field === query.idField ? undefined : strangers(rows, field, id));
  };
  const request = (known: Body): AshbyRequest => {
    const { endpoint, permission, more } = source;
    const sent = { ...known, [source.parameter]: id };
    return { endpoint, permission, queue: 'fan-out', body: sent, ...(more === undefined ? {} : { more }) };
  };
  if (source.answer === 'object') {
    const checkObject = (row: Row): string | undefined => whyNot([row]) ?? noEcho(source, row, id);
    yield [await newKeys.run(body, (known) => client.object({ ...request(known), checkObject }, meter))];
    return;
  }
  const pages = paginate({
    endpoint: source.endpoint,
    ahead: false,
    ask: (cursor, checkPaging) => () =>
      newKeys.run(body, (known) => {
        const sent = cursor === undefined ? known : { ...known, cursor };
        return withSmallerPages(sent, (smaller) =>
          client.list({ ...request(smaller), check: (answer) => whyNot(answer.rows) ?? checkPaging(answer) }, meter),
        );
      }),
  });
  for await (const { rows } of pages) yield rows;
}

function noEcho({ echo }: CallsSource, row: Row, id: string): string | undefined {
  return echo === undefined || row.value[echo] === id ? undefined : `another ${echo} than asked for`;
}

/** What a failed call about one parent means for the parent. */
export type Meaning = 'again' | 'unknown' | 'expired' | 'owed' | 'all';

/**
 * `again` the position in its list is lost: ask anew, once. `unknown` Ashby does not know it. `expired` it cannot be
 * had any more. `owed` this one call failed. `all` no other call would fare better.
 */
export function meaningOf(failure: unknown): Meaning {
  if (!(failure instanceof AshbyError)) return 'all';
  switch (failure.kind) {
    case 'cursor-lost':
      return 'again';
    case 'not-found':
      return 'unknown';
    case 'skip-row':
      return 'expired';
    case 'bad-key':
    case 'permission':
    case 'unavailable':
    case 'throttled':
      return 'all';
    default:
      return 'owed';
  }
}
