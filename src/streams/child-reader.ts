import type { AshbyClient, AshbyRequest } from '../ashby/client.ts';
import { AshbyError, type Row } from '../ashby/envelope.ts';
import { paginate } from '../ashby/paginate.ts';
import type { ChildStream } from './definition.ts';
import { tolerant } from './lists.ts';
import type { StreamRun } from './stream-run.ts';

/** A parent to ask about. `version` is its `updatedAt`, for children that follow it. */
export interface Parent {
  id: string;
  version: string | undefined;
}

/** The parents that a page of the parent's list names, in its order, each once. */
export function parentsIn(stream: ChildStream, rows: readonly Row[]): Parent[] {
  const parents = new Map<string, Parent>();
  for (const row of rows) {
    const version = typeof row['updatedAt'] === 'string' ? row['updatedAt'] : undefined;
    for (const id of idsIn(stream, row)) if (typeof id === 'string' && id !== '') parents.set(id, { id, version });
  }
  return [...parents.values()];
}

function idsIn(stream: ChildStream, row: Row): unknown[] {
  if (!stream.idsIn) return [row['id']];
  const list = row[stream.idsIn.list];
  const { field } = stream.idsIn;
  return Array.isArray(list)
    ? list.map((item: unknown) => (typeof item === 'object' && item !== null ? (item as Row)[field] : undefined))
    : [];
}

/** Reads the children of single parents and writes them. */
export class ChildReader {
  readonly #run: StreamRun;
  readonly #stream: ChildStream;
  readonly #client: AshbyClient;
  readonly #now: () => number;
  readonly #call: ReturnType<typeof tolerant>;

  constructor(run: StreamRun, stream: ChildStream, client: AshbyClient, now: () => number) {
    this.#run = run;
    this.#stream = stream;
    this.#client = client;
    this.#now = now;
    this.#call = tolerant(stream, { ...stream.body, ...(stream.answer === 'pages' ? { limit: 100 } : {}) }, (message) =>
      run.warn(message),
    );
  }

  /**
   * Reads the children of these parents side by side, as many at a time as is useful, and calls `finished` for each
   * parent whose children are all written. Resolves when all are; rejects with the first failure once the calls
   * under way have ended.
   */
  async read(parents: readonly Parent[], finished: (parent: Parent) => void): Promise<void> {
    const waiting = [...parents];
    const failures: unknown[] = [];
    const active = new Set<Promise<void>>();
    while (waiting.length > 0 || active.size > 0) {
      while (active.size < this.#client.width && waiting.length > 0 && failures.length === 0) {
        const parent = waiting.shift();
        if (!parent) break;
        const task: Promise<void> = this.#readOne(parent)
          .then(
            () => finished(parent),
            (failure: unknown) => void failures.push(failure),
          )
          .finally(() => active.delete(task));
        active.add(task);
      }
      if (active.size === 0) break;
      await Promise.race(active);
    }
    if (failures.length > 0) throw failures[0];
  }

  async #readOne(parent: Parent): Promise<void> {
    try {
      await this.#children(parent);
    } catch (failure) {
      if (!(failure instanceof AshbyError) || (failure.kind !== 'not-found' && failure.kind !== 'skip-row'))
        throw failure;
      this.#run.info(`${parent.id} is skipped: ${failure.message}`);
    }
  }

  async #children(parent: Parent): Promise<void> {
    const { answer, endpoint } = this.#stream;
    const ask = <T>(call: (request: AshbyRequest) => Promise<T>, cursor?: string): Promise<T> =>
      this.#call((body) => call(this.#request({ ...body, ...(cursor === undefined ? {} : { cursor }) }, parent)));
    if (answer === 'object') {
      const row = await ask((request) => this.#client.object(request, this.#run.meter));
      return this.#write([row], parent);
    }
    const page = (cursor: string | undefined): ReturnType<AshbyClient['list']> =>
      ask((request) => this.#client.list(request, this.#run.meter), cursor);
    for await (const { rows } of paginate({ ask: page, endpoint })) await this.#write(rows, parent);
  }

  #request(body: Record<string, unknown>, parent: Parent): AshbyRequest {
    const { endpoint, permission, parentParameter } = this.#stream;
    return { endpoint, permission, lane: 'fan-out', body: { ...body, [parentParameter]: parent.id } };
  }

  async #write(rows: readonly Row[], parent: Parent): Promise<void> {
    await this.#run.write(
      rows.map((row) => childRow(this.#stream, row, parent.id)),
      this.#now(),
    );
    this.#run.checkpointIfDue();
  }
}

/** A child's row with what the connector adds and without what it leaves out. */
function childRow(stream: ChildStream, row: Row, parentId: string): Row {
  const { parentIdField, primaryKey, omit } = stream;
  const added: Row = {};
  if (parentIdField !== undefined) added[parentIdField] = row[parentIdField] ?? parentId;
  if (primaryKey === '_key') added['_key'] = `${parentId}:${String(row['id'])}`;
  const kept = omit ? Object.fromEntries(Object.entries(row).filter(([field]) => !omit.includes(field))) : row;
  return { ...kept, ...added };
}
