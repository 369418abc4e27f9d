/** The controls of a running simulator. */

import type { Fault } from './faults/effects.ts';
import type { ReportPeaks } from './reports.ts';
import type { Body, LoggedRequest, Permission, Row, SimulatorOptions } from './types.ts';

export interface Simulator {
  /** Base URL, `http://127.0.0.1:PORT`. */
  url: string;
  /** `full` has every permission. */
  keys: { full: string };
  addKey(o: { permissions: readonly Permission[]; disabled?: boolean }): string;
  requests(): LoggedRequest[];
  clearRequests(): void;
  /** Most requests that a key (default: the busiest) sent in any 60 s. */
  maxRequestsInAnyMinute(key?: string): number;
  /** Answers given with status 429 because of the rate limit. */
  throttled(): number;
  /** The most reports that were started in any minute, and under way at once; and how many starts were refused. */
  reportPeaks(): ReportPeaks;
  /** Rows that a complete read returns. */
  count(endpoint: string, body?: Body): number;
  /**
   * Those rows. jobPosting.list takes `jobBoardId: '*'` for all boards; auditLog.list without dates is the whole
   * journal, which no single request can ask for.
   */
  rows(endpoint: string, body?: Body): Generator<Row>;
  /** Gives rows a new version: `updatedAt` moves and a visible field changes. Without a choice: one row. */
  change(endpoint: string, o: { fraction?: number; count?: number; ids?: readonly string[] }): string[];
  /**
   * New rows. `at` (epoch milliseconds) is the instant of the first, where rows carry one of their own; the others
   * follow evenly within `overMs` (default 0: all at once). Entries of the audit log are made now unless told.
   */
  insert(endpoint: string, count: number, when?: { at?: number; overMs?: number }): string[];
  /** Deletes rows, with what Ashby deletes with them (a candidate's applications, an application's offers …). */
  remove(endpoint: string, ids: readonly string[] | number): string[];
  /** Rows that the keys may not see for a while, with what hangs on them: gone everywhere, yet not deleted. */
  hide(endpoint: string, ids: readonly string[] | number): string[];
  /** Shows these rows again (default: all that `hide` took from this list). No delta names them. */
  show(endpoint: string, ids?: readonly string[]): string[];
  /** Makes the first candidate part of the second, which gets its applications and notes; the first id is gone. */
  merge(from: string, into: string): void;
  /** The row stays listed; calls for its children answer `<thing>_not_found`. */
  vanishParent(endpoint: string, id: string): void;
  expireTokens(): void;
  expireCursors(): void;
  fault(fault: Fault): void;
  clearFaults(): void;
  set(options: Partial<SimulatorOptions>): void;
  close(): Promise<void>;
}
