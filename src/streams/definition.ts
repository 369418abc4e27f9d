import type { Permission } from '../ashby/permissions.ts';

/** Fields that the connector adds to rows. */
export const STAMP_FIELD = '_ab_cdc_updated_at';

/** The endpoint behind a list and what to send so that it is complete. */
export interface ListSource {
  endpoint: string;
  permission: Permission;
  /** Whether `limit` is a documented parameter; it is sent as 100, the most that Ashby gives. */
  sendsLimit: boolean;
  /** Sent with every request: without it Ashby leaves rows out in silence. */
  body?: Readonly<Record<string, unknown>>;
  /** Keys of `body` so new that an Ashby of mid-2026 may refuse them; then they are left out, with a warning. */
  newKeys?: readonly string[];
  /** Values of `surveyType`, where the endpoint wants one: one pass and one token for each. */
  surveyTypes?: readonly string[];
  /** Rows have `createdAt` and are the ones that `start_date` is about. */
  startDateApplies?: boolean;
}

interface Common {
  /** The table's name, and that of its schema file. */
  name: string;
  /** The one column that identifies a row. */
  primaryKey: 'id' | '_key' | 'userId' | 'jobId';
  /** A paid or beta feature: the table is offered only where a first try succeeds. */
  mayBeAbsent?: boolean;
}

/** One pass over all pages; the last page's sync token starts the next run's pass. */
export interface TokenStream extends Common {
  strategy: 'token';
  list: ListSource;
}

/** The whole list in every run. */
export interface SnapshotStream extends Common {
  strategy: 'snapshot';
  list: ListSource;
  /** Asked once without a board and once for each board; rows are merged by id. */
  overJobBoards?: boolean;
}

/** Rows that lie inside the rows of another list; no call of its own. */
export interface EmbeddedStream extends Common {
  strategy: 'embedded';
  parent: string;
  /** The field of the parent's row that holds the rows. */
  field: string;
  /** The field that names the parent's row in each of them. */
  parentIdField: string;
}

/** One call (paged or not) for each row of another list. */
export interface ChildStream extends Common {
  strategy: 'child';
  /** The stream whose list is walked. */
  parent: string;
  endpoint: string;
  permission: Permission;
  /** The parameter that takes the parent's id. */
  parentParameter: string;
  /** The field that is added to each row to name its parent, where Ashby leaves it out. */
  parentIdField?: string;
  body?: Readonly<Record<string, unknown>>;
  newKeys?: readonly string[];
  /** What comes back: a list in pages, a list in one piece, or one object. */
  answer: 'pages' | 'list' | 'object';
  /** Where the ids to ask for are found in a parent's row, if not in `id`. */
  idsIn?: { list: string; field: string };
  /**
   * Which parents a later run asks about: those that the parent's token pass reports; those whose `updatedAt` moved
   * (the parent has no token); or all of them, since the child can change alone and parents are few.
   */
  followUp: 'changed' | 'moved' | 'all';
  /** Fields that are left out of the rows, such as links that soon stop working. */
  omit?: readonly string[];
}

/** A journal, newest first: read until the newest row of the last run. */
export interface AppendStream extends Common {
  strategy: 'append';
  list: ListSource;
}

export type StreamDefinition = TokenStream | SnapshotStream | EmbeddedStream | ChildStream | AppendStream;

/** Whether a later run of this stream can cost less than the first. */
export function isIncremental(stream: StreamDefinition): boolean {
  if (stream.strategy === 'child') return stream.followUp !== 'all';
  return stream.strategy !== 'snapshot';
}
