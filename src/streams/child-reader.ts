import type { AshbyClient, AshbyRequest } from '../ashby/client.ts';
import { AshbyError, type Row } from '../ashby/envelope.ts';
import { paginate } from '../ashby/paginate.ts';
import { KEYS_PAGE } from '../ashby/permissions.ts';
import type { ChildStream } from './definition.ts';
import { Tolerance } from './lists.ts';
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

/** So many skipped parents are named in the log. */
const MOST_SKIPS_TOLD = 20;
/** If Ashby has nothing for any of so many parents, something else is wrong. */
const SUSPICIOUS_SKIPS = 20;

/** Reads the children of single parents and writes them. */
export class ChildReader {
  readonly #run: StreamRun;
  readonly #stream: ChildStream;
  readonly #client: AshbyClient;
  readonly #now: () => number;
  readonly #tolerance: Tolerance;
  #asked = 0;
  #skipped = 0;

  constructor(run: StreamRun, stream: ChildStream, client: AshbyClient, now: () => number) {
    this.#run = run;
    this.#stream = stream;
    this.#client = client;
    this.#now = now;
    const body = { ...stream.body, ...(stream.answer === 'pages' ? { limit: 100 } : {}) };
    this.#tolerance = new Tolerance(stream, body, (message) => run.warn(message));
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
    this.#asked += 1;
    try {
      await this.#children(parent).catch((failure: unknown) => {
        // A position in one parent's short list is not worth keeping: the parent is read again, once.
        if (failure instanceof AshbyError && failure.kind === 'cursor-lost') return this.#children(parent);
        throw failure;
      });
    } catch (failure) {
      if (!(failure instanceof AshbyError) || (failure.kind !== 'not-found' && failure.kind !== 'skip-row'))
        throw failure;
      this.#skipped += 1;
      if (this.#skipped <= MOST_SKIPS_TOLD) this.#run.info(`${parent.id} is skipped: ${failure.message}`);
    }
  }

  /** Says how many parents were skipped in all, and warns where that was every one of many. */
  tellSkipped(): void {
    const [asked, skipped] = [this.#asked, this.#skipped].map((count) => count.toLocaleString('en-US'));
    if (this.#skipped > MOST_SKIPS_TOLD) this.#run.info(`${skipped} of ${asked} were skipped in all.`);
    if (this.#skipped === this.#asked && this.#asked >= SUSPICIOUS_SKIPS) {
      this.#run.warn(
        `Ashby had none of all ${asked} rows that it was asked for. The API key may lack a permission or the access to confidential jobs: check it ${KEYS_PAGE}, then refresh this table.`,
      );
    }
  }

  async #children(parent: Parent): Promise<void> {
    const { meter } = this.#run;
    if (this.#stream.answer === 'object') {
      const row = await this.#tolerance.run((body) => this.#client.object(this.#request(body, parent), meter));
      return this.#write([row], parent);
    }
    const ask = (cursor: string | undefined) => () =>
      this.#tolerance.run((body) =>
        this.#client.list(this.#request(cursor === undefined ? body : { ...body, cursor }, parent), meter),
      );
    const pages = paginate({ ask, endpoint: this.#stream.endpoint, ahead: false });
    for await (const { rows } of pages) await this.#write(rows, parent);
  }

  #request(body: Readonly<Record<string, unknown>>, parent: Parent): AshbyRequest {
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
