import { AshbyError } from '../ashby/envelope.ts';
import { paginate } from '../ashby/paginate.ts';
import { withFields, type Row } from '../ashby/rows/rows.ts';
import { ConnectorError } from '../errors.ts';
import type { BoardsSource } from '../tables/definition.ts';
import { NewKeys, type SourceWorld } from './ask.ts';
import type { Batches } from './batch.ts';
import { asker, listBody } from './list.ts';
import { EVERYTHING } from './place.ts';

/** The field that names the boards on which a posting was found. */
const ON_BOARDS = 'jobBoardIds';

/**
 * jobPosting.list answers for one board at a time, by default the primary external one. It is asked once without a
 * board and once for each board; of a posting on several boards the first copy is kept, and `jobBoardIds` (added)
 * names the boards that it was found on. All postings are held until the last board has answered. A board that cannot
 * be read costs none of the others: their postings come, and then the error that says how many boards are missing.
 */
export async function* boardBatches(source: BoardsSource, boardIds: readonly string[], world: SourceWorld): Batches {
  const newKeys = new NewKeys(source, world.warn);
  const lists = [undefined, ...boardIds];
  const read = await Promise.all(lists.map((boardId) => triedList(source, boardId, newKeys, world)));
  const failures = read.flatMap((list) => ('failure' in list ? [list.failure] : []));
  const [failure] = failures;
  if (failure && failures.length === lists.length) throw failure;
  const merged = new Map<string, { row: Row; on: string[] }>();
  for (const [index, list] of read.entries()) {
    if ('failure' in list) continue;
    const boardId = lists[index];
    for (const row of list.rows) {
      const id = String(row.value['id']); // a text, as every row was checked for
      const kept = merged.get(id) ?? { row, on: [] };
      merged.set(id, kept);
      if (boardId !== undefined && !kept.on.includes(boardId)) kept.on.push(boardId);
    }
  }
  const rows = [...merged.values()].map(({ row, on }) => withFields(row, { [ON_BOARDS]: on }));
  const arrivedAtMs = world.now();
  if (failure) {
    yield { rows, arrivedAtMs, place: undefined };
    throw boardsError(failures.length, lists.length, failure);
  }
  yield { rows, arrivedAtMs, place: EVERYTHING, end: { token: null } };
}

/** The rows of one board, or why Ashby does not give them. A single refusal of the request or of its cursor proves nothing. */
async function triedList(
  ...question: Parameters<typeof wholeList>
): Promise<{ rows: Row[] } | { failure: AshbyError }> {
  for (let again = true; ; again = false) {
    try {
      return { rows: await wholeList(...question) };
    } catch (failure) {
      if (!(failure instanceof AshbyError)) throw failure;
      const mayPass = failure.kind === 'bad-request' || failure.kind === 'cursor-lost';
      if (!again || !mayPass) return { failure };
    }
  }
}

function boardsError(missing: number, of: number, cause: AshbyError): ConnectorError {
  return new ConnectorError(
    `The postings of ${missing} of ${of} lists (one for each job board, and the one without a board) are missing, and so are these boards in ${ON_BOARDS}: ${cause.message} ` +
      'The postings of the others were read. The next sync asks for all of them again.',
    { failureType: cause.failureType, internalMessage: cause.internalMessage, cause },
  );
}

async function wholeList(
  source: BoardsSource,
  jobBoardId: string | undefined,
  newKeys: NewKeys,
  world: SourceWorld,
): Promise<Row[]> {
  const body = { ...listBody(source, undefined), ...(jobBoardId === undefined ? {} : { jobBoardId }) };
  const ask = asker({ source, idField: 'id', body, newKeys }, world);
  const rows: Row[] = [];
  for await (const page of paginate({ ask, endpoint: source.endpoint })) for (const row of page.rows) rows.push(row);
  return rows;
}
