import type { More } from '../ashby/envelope.ts';
import type { Permission } from '../ashby/permissions.ts';
import type { KeyParts } from './inside/keys.ts';
import type { Shape } from './inside/shapes.ts';

/** The field of a tombstone that says when the row was found to be gone; destinations delete by it. */
export const DELETED_FIELD = '_ab_cdc_deleted_at';

/** The field by which a job or project says that only keys with a switch of their own may see it. */
export const CONFIDENTIAL_FIELD = 'confidential';

/** The field that the connector adds to every row of a table that can be read incrementally. */
export const STAMP_FIELD = '_ab_cdc_updated_at';

/** Values that are sent with a request, beside where it stands in a list. */
export type Body = Readonly<Record<string, unknown>>;

/** An endpoint and what to send so that Ashby leaves nothing out in silence. */
export interface Endpoint {
  /** For example `candidate.list`. */
  endpoint: string;
  permission: Permission;
  body?: Body;
  /** Keys of `body` so new that an Ashby of mid-2026 may refuse them; then they are left out, with a warning. */
  newKeys?: readonly string[];
}

/** An endpoint that answers a list. */
export interface ListEndpoint extends Endpoint {
  /** Whether `limit` is a documented parameter; it is sent as 100, the most that Ashby gives. */
  sendsLimit: boolean;
  /** How an answer says that the list goes on. */
  more: More;
}

/** A list that is walked from its beginning, or from a sync token, to its end. */
export interface ListSource extends ListEndpoint {
  kind: 'list';
  /** Whether its last page gives a sync token, from which a later run gets what changed since. */
  givesToken: boolean;
  /** Values of `surveyType`, where the endpoint wants one: a walk and a token for each. */
  surveyTypes?: readonly string[];
  /** Rows have `createdAt` and are the ones that `start_date` is about. */
  startDateApplies?: boolean;
}

/** A journal that is asked for windows of time: entries are added and never change. */
export interface JournalSource extends ListEndpoint {
  kind: 'journal';
}

/**
 * A report that people have saved in Ashby: generated on demand, asked for until it is there, in one piece. Its columns
 * are the report's own.
 */
export interface ReportSource extends Endpoint {
  kind: 'report';
  /** The report's id in Ashby. */
  reportId: string;
  /** Columns that the configured catalog counts on; one that the report has no more is told. */
  columns: readonly string[];
}

/** A list that is asked once without a board and once for each board of `parent`; rows are merged by their id. */
export interface BoardsSource extends ListEndpoint {
  kind: 'boards';
  parent: string;
}

/** Rows that lie inside the rows of another table, at no request of their own. */
export interface InsideSource {
  kind: 'inside';
  parent: string;
  /** Where in the parent's row they lie. Several where one table holds what Ashby keeps apart. */
  lists: readonly InsideList[];
  /** What is made of each element. Without a shape an element is a row with an id of its own, printed as it is. */
  shape?: Shape;
  /**
   * The columns that are picked, and where each comes from: `a.b` in the element, `.` the element itself, `^id` in what
   * is around it, `/id` in the parent's row. A column with nothing there is null.
   */
  columns?: Readonly<Record<string, string>>;
  /** What `_key` is made of behind the parent's id. */
  key?: KeyParts;
}

/** A list inside a row, such as `steps[].approvers[]`; `locationId` for a field that holds one, nothing for the row itself. */
export interface InsideList {
  path: string;
  /** Columns that say from which of the table's lists a row comes. */
  says?: Readonly<Record<string, string | boolean>>;
}

/** One call for each row of another table. */
export interface CallsSource extends Endpoint {
  kind: 'calls';
  parent: string;
  /** The field of a parent's row that holds the id to ask for; rows without one are passed over. Default `id`. */
  parentField?: string;
  /** The parameter that takes it. */
  parameter: string;
  /** What comes back: a list in pages, a list in one piece, or one object. */
  answer: 'pages' | 'list' | 'object';
  /** How an answer says that the list goes on. */
  more?: More;
  /** The field of an object that repeats the id that was asked for. */
  echo?: string;
  /**
   * Which parents a later run asks about: those that the parent's list reports as changed since its sync token, or,
   * where that list has no token, those whose `updatedAt` moved.
   */
  follow: 'changed' | 'moved';
  /** For children that can change while their parent does not: all parents are asked about again now and then. */
  revisit?: Revisit;
}

export interface Revisit {
  /** All parents are due when the last time lies further back than this. */
  everyHours: number;
  /** Parents whose rows say so are left out from the second time on, such as deactivated users. */
  except?: { field: string; is: unknown };
}

/** Rows that the connector makes of the other selected tables: a row for each of their keys. */
export interface KeysSource {
  kind: 'keys';
}

export type Source = ListSource | JournalSource | BoardsSource | InsideSource | CallsSource | ReportSource | KeysSource;

/** One table: what identifies its rows, where they come from, what is added to them and cut from them. */
export interface Table {
  /** Its name, and that of its schema file. */
  name: string;
  source: Source;
  /** The columns that identify a row, as Ashby or the connector names them. */
  key: readonly string[];
  /**
   * The field of Ashby's row that must be there, a text; the key is made of it. Default `id`. Null for an object whose
   * key is its parent's id alone, which need not repeat it.
   */
  idField?: string | null;
  /** The field that is added to each row to name its parent, where Ashby leaves it out. */
  parentIdField?: string;
  /** Adds `_key`, the parent's id and the row's, for rows whose id comes under several parents. */
  addsKey?: boolean;
  /**
   * The field that says when a row came into being, where it is not `createdAt`: that of the row around it, since what
   * lies in a row that is new is new.
   */
  bornField?: string;
  /** Fields that are cut from the rows, such as links that soon stop working. */
  cuts?: readonly string[];
  /** The call that tells whether a row that is missing from the list is gone. */
  info?: Confirmation;
  /** A paid or beta feature: the table is offered only where a first try succeeds. */
  mayBeAbsent?: boolean;
  /** Where its rows hold values of custom fields, which then get columns of their own. */
  customFields?: CustomFieldsPlace;
}

/** Where the rows of a table hold values of custom fields, and which fields those are. */
export interface CustomFieldsPlace {
  /** The values of `objectType` in the definitions of its fields. */
  of: readonly string[];
  /** The field of a row that holds the list of values, or the object that holds it and the field in that. */
  at: readonly [string] | readonly [string, string];
}

/** A call for one row by its id. */
export interface Confirmation {
  endpoint: string;
  permission: Permission;
  parameter: string;
  /** Whether another row's id in the answer may mean that the two were merged. */
  merges?: true;
}

export type TableOf<S extends Source> = Table & { source: S };
