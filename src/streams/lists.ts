import type { ArrivedList, AshbyClient, Meter } from '../ashby/client.ts';
import { AshbyError, type Row } from '../ashby/envelope.ts';
import { paginate } from '../ashby/paginate.ts';
import type { RowBytes } from '../ashby/row-bytes.ts';
import type { ListSource } from './definition.ts';
import type { Position } from './state.ts';
import type { ListStream } from './table.ts';

/** A page of a pass: rows, and where the pass stands when they are written. Whoever takes it keeps none of its rows. */
export interface PassPage {
  rows: Row[];
  /** The same rows as they came, where they can be printed so. */
  bytes?: RowBytes | undefined;
  /** When the page arrived, wall-clock milliseconds. */
  arrivedAtMs: number;
  /** The place after this page; undefined on the last page of the pass. */
  next: Position | undefined;
  /** On the last page: what the next pass starts from, if Ashby gave one. */
  token: string | undefined;
}

/** Walks a list from a place to its end. */
export type PageSource = (start: Position) => AsyncGenerator<PassPage, void, void>;

export interface ListWorld {
  client: AshbyClient;
  meter: Meter;
  /** Wall-clock milliseconds. */
  now(): number;
  warn(message: string): void;
}

/** How to walk the list of a stream; `surveyType` where the endpoint wants one. */
export function pageSource(stream: ListStream, surveyType: string | undefined, world: ListWorld): PageSource {
  if (stream.strategy === 'append') return (start) => journalPages(stream.list, start, world);
  if (stream.strategy === 'snapshot' && stream.overJobBoards) return () => postingPages(stream.list, world);
  return (start) => listPages(stream.list, surveyType === undefined ? {} : { surveyType }, start, world);
}

/** The body of a list's requests, apart from where they stand in the list. */
export function listBody(list: ListSource, surveyType: string | undefined): Record<string, unknown> {
  return { ...list.body, ...(surveyType === undefined ? {} : { surveyType }) };
}

async function* listPages(
  list: ListSource,
  extra: Record<string, unknown>,
  start: Position,
  world: ListWorld,
): AsyncGenerator<PassPage, void, void> {
  const ask = asker(list, { ...extra, ...(start.from === null ? {} : { syncToken: start.from }) }, world);
  for await (const page of paginate({ ask, endpoint: list.endpoint, startCursor: start.cursor ?? undefined })) {
    yield {
      rows: page.rows,
      bytes: page.answer.bytes,
      arrivedAtMs: page.answer.arrivedAtMs,
      next: page.nextCursor === undefined ? undefined : { from: start.from, cursor: page.nextCursor },
      token: page.syncToken,
    };
  }
}

/**
 * jobPosting.list answers for one board at a time, by default the primary external one. It is asked once without a
 * board and once for each board of jobBoard.list; of a posting on several boards the first copy is kept, and
 * `jobBoardIds` (added) names the boards that it was found on.
 */
async function* postingPages(list: ListSource, world: ListWorld): AsyncGenerator<PassPage, void, void> {
  const { now } = world;
  const boardList = { endpoint: 'jobBoard.list', permission: list.permission, sendsLimit: false };
  const boards = await wholeList(boardList, undefined, world);
  const boardIds = boards.map((board) => board['id']).filter((id) => typeof id === 'string');
  const found = await Promise.all([undefined, ...boardIds].map((jobBoardId) => wholeList(list, jobBoardId, world)));
  const merged = new Map<unknown, Row>();
  for (const [index, rows] of found.entries()) {
    const boardId = index === 0 ? undefined : boardIds[index - 1];
    for (const row of rows) {
      const kept = merged.get(row['id']) ?? { ...row, jobBoardIds: [] };
      merged.set(row['id'], kept);
      const on = kept['jobBoardIds'];
      if (boardId !== undefined && Array.isArray(on) && !on.includes(boardId)) on.push(boardId);
    }
  }
  yield { rows: [...merged.values()], arrivedAtMs: now(), next: undefined, token: undefined };
}

async function wholeList(list: ListSource, jobBoardId: string | undefined, world: ListWorld): Promise<Row[]> {
  const ask = asker(list, jobBoardId === undefined ? {} : { jobBoardId }, world);
  const rows: Row[] = [];
  for await (const page of paginate({ ask, endpoint: list.endpoint })) rows.push(...page.rows);
  return rows;
}

/** The newest row of a journal that an earlier run has read: everything up to it is known. */
interface Mark {
  id: string;
  at: string;
}

/**
 * Walks a journal, newest row first, down to the newest row of the earlier run. What comes out as the token is the
 * mark for the next run; it is given out only with the last page, so that it moves when the old mark was reached.
 */
async function* journalPages(
  list: ListSource,
  start: Position,
  world: ListWorld,
): AsyncGenerator<PassPage, void, void> {
  const known = readMark(start.from);
  let head = start.head;
  const ask = asker(list, {}, world);
  for await (const page of paginate({
    ask,
    endpoint: list.endpoint,
    startCursor: start.cursor ?? undefined,
    ahead: false,
  })) {
    head ??= markOf(page.rows[0]);
    const end = known ? page.rows.findIndex((row) => isKnown(row, known)) : -1;
    const last = end >= 0 || page.nextCursor === undefined;
    yield {
      rows: end >= 0 ? page.rows.slice(0, end) : page.rows,
      bytes: page.answer.bytes,
      arrivedAtMs: page.answer.arrivedAtMs,
      next: last
        ? undefined
        : { from: start.from, cursor: page.nextCursor ?? null, ...(head === undefined ? {} : { head }) },
      token: last ? (head ?? start.from ?? undefined) : undefined,
    };
    if (last) return;
  }
}

function isKnown(row: Row, mark: Mark): boolean {
  return row['id'] === mark.id || (typeof row['timestamp'] === 'string' && row['timestamp'] < mark.at);
}

function markOf(row: Row | undefined): string | undefined {
  const [id, at] = [row?.['id'], row?.['timestamp']];
  return typeof id === 'string' && typeof at === 'string' ? JSON.stringify({ id, at }) : undefined;
}

function readMark(token: string | null): Mark | undefined {
  if (token === null) return undefined;
  try {
    const { id, at } = JSON.parse(token) as Partial<Mark>;
    return typeof id === 'string' && typeof at === 'string' ? { id, at } : undefined;
  } catch {
    return undefined; // a mark that cannot be read means that nothing is known: everything is read
  }
}

/** Makes the function that asks for one page of a list, for `paginate`. */
function asker(
  list: ListSource,
  extra: Record<string, unknown>,
  world: ListWorld,
): (cursor: string | undefined) => () => Promise<ArrivedList> {
  const { client, meter, warn } = world;
  const body = { ...list.body, ...extra, ...(list.sendsLimit ? { limit: 100 } : {}) };
  const tolerance = new Tolerance(list, body, warn);
  const { endpoint, permission } = list;
  return (cursor) => {
    const start = (known: Record<string, unknown>): (() => Promise<ArrivedList>) =>
      client.startList({ endpoint, permission, body: cursor === undefined ? known : { ...known, cursor } }, meter);
    const first = start(tolerance.body);
    let started: (() => Promise<ArrivedList>) | undefined = first;
    return async () => {
      const answer = await tolerance.run((known) => {
        const take = started ?? start(known);
        started = undefined;
        return take();
      });
      // A token of the shortened request would go on leaving out what the whole one is about.
      return { ...answer, syncToken: tolerance.shortened ? undefined : answer.syncToken };
    };
  };
}

/**
 * Some keys are newer than the Ashby that may answer: where it refuses one by name (`invalid_input`), it is asked
 * again without that key, and a warning says what will be missing.
 */
export class Tolerance {
  /** What is sent at present. */
  body: Readonly<Record<string, unknown>>;
  /** Whether something had to be left out. */
  shortened = false;
  readonly #about: { endpoint: string; newKeys?: readonly string[] };
  readonly #warn: (message: string) => void;

  constructor(
    about: { endpoint: string; newKeys?: readonly string[] },
    body: Readonly<Record<string, unknown>>,
    warn: (message: string) => void,
  ) {
    this.#about = about;
    this.body = body;
    this.#warn = warn;
  }

  /** Calls `ask` with the body, and again as long as a key is refused that may be left out. */
  async run<T>(ask: (body: Readonly<Record<string, unknown>>) => Promise<T>): Promise<T> {
    for (;;) {
      const sent = this.body;
      try {
        return await ask(sent);
      } catch (failure) {
        const key = this.#refusedKey(failure, sent);
        if (key === undefined) throw failure;
        this.#leaveOut(key);
      }
    }
  }

  #refusedKey(failure: unknown, sent: Readonly<Record<string, unknown>>): string | undefined {
    if (!(failure instanceof AshbyError) || failure.kind !== 'bad-request') return undefined;
    return this.#about.newKeys?.find((key) => key in sent && failure.detail.includes(key));
  }

  #leaveOut(key: string): void {
    this.shortened = true;
    this.#warn(
      `Ashby does not know "${key}" of ${this.#about.endpoint} yet: rows that it would bring (archived or unpublished ones) are missing.`,
    );
    this.body = Object.fromEntries(Object.entries(this.body).filter(([name]) => name !== key));
  }
}
