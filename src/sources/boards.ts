import { paginate } from '../ashby/paginate.ts';
import { withFields, type Row } from '../ashby/rows/rows.ts';
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
 * names the boards that it was found on. All postings are held until the last board has answered.
 */
export async function* boardBatches(source: BoardsSource, boardIds: readonly string[], world: SourceWorld): Batches {
  const newKeys = new NewKeys(source, world.warn);
  const found = await Promise.all(
    [undefined, ...boardIds].map((boardId) => wholeList(source, boardId, newKeys, world)),
  );
  const merged = new Map<string, { row: Row; on: string[] }>();
  for (const [index, rows] of found.entries()) {
    const boardId = index === 0 ? undefined : boardIds[index - 1];
    for (const row of rows) {
      const id = String(row.value['id']); // a text, as every row was checked for
      const kept = merged.get(id) ?? { row, on: [] };
      merged.set(id, kept);
      if (boardId !== undefined && !kept.on.includes(boardId)) kept.on.push(boardId);
    }
  }
  const rows = [...merged.values()].map(({ row, on }) => withFields(row, { [ON_BOARDS]: on }));
  yield { rows, arrivedAtMs: world.now(), place: EVERYTHING, end: { token: null } };
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
