import type { AshbyClient } from '../ashby/client.ts';
import { AshbyError, type Row } from '../ashby/envelope.ts';
import { parentsIn } from './child-reader.ts';
import type { ChildStream, ListSource, StreamDefinition } from './definition.ts';
import { listBody, Tolerance } from './lists.ts';
import { listOf } from './table.ts';

/**
 * Tries a table that belongs to a paid or beta feature once: its list, or, for a child, the children of one parent.
 * Returns why Ashby refuses it, or undefined where it can be read (or where there is no parent to try it with).
 * Passing failures are thrown: an outage must not shrink the catalog.
 */
export async function refusalOf(stream: StreamDefinition, client: AshbyClient): Promise<string | undefined> {
  try {
    const rows = await firstRows(
      listOf(stream).list,
      stream.strategy === 'child' && stream.idsIn !== undefined,
      client,
    );
    if (stream.strategy === 'child') await tryChild(stream, rows, client);
    return undefined;
  } catch (failure) {
    // The key was found to work before, so a refusal without a code is about this table, too.
    if (!(failure instanceof AshbyError) || failure.retry !== 'no') throw failure;
    if (stream.strategy === 'child' && (failure.kind === 'not-found' || failure.kind === 'skip-row')) return undefined;
    return failure.code ?? `status ${failure.status ?? 'none'}`;
  }
}

async function firstRows(list: ListSource, wholePage: boolean, client: AshbyClient): Promise<Row[]> {
  const [surveyType] = list.surveyTypes ?? [];
  const body = { ...listBody(list, surveyType), ...(list.sendsLimit ? { limit: wholePage ? 100 : 1 } : {}) };
  const { endpoint, permission } = list;
  const answer = await new Tolerance(list, body, () => undefined).run((known) =>
    client.list({ endpoint, permission, body: known }),
  );
  return answer.rows;
}

async function tryChild(stream: ChildStream, rows: Row[], client: AshbyClient): Promise<void> {
  const [parent] = parentsIn(stream, rows);
  if (!parent) return;
  const { endpoint, permission, parentParameter, answer } = stream;
  const request = {
    endpoint,
    permission,
    body: { ...stream.body, [parentParameter]: parent.id, ...(answer === 'pages' ? { limit: 1 } : {}) },
  };
  await (answer === 'object' ? client.object(request) : client.list(request));
}
