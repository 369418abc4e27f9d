/** What the simulator takes and gives. Facts about Ashby are from its public documentation unless said otherwise. */

/** One row of an answer, field names as Ashby writes them. */
export type Row = Record<string, unknown>;

/** A parsed request body. */
export type Body = Record<string, unknown>;

/** Permission modules of an API key, by the names in Ashby's documentation. */
export const PERMISSIONS = [
  'candidatesRead',
  'jobsRead',
  'interviewsRead',
  'hiringProcessMetadataRead',
  'organizationRead',
  'offersRead',
  'approvalsRead',
  'apiKeysRead',
  'sourcingRead',
  'auditLogsRead',
  'notetakerRead',
  'reportsRead',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** Paid or beta parts of Ashby that an organisation may lack. */
export interface Features {
  aiApplicationReview: boolean;
  fraudDetection: boolean;
  auditLogs: boolean;
  notetaker: boolean;
  takeHomes: boolean;
  sequences: boolean;
  referrals: boolean;
}

/** Settings; all have defaults, and those marked (start) cannot be changed with `set`. */
export interface SimulatorOptions {
  /** (start) Same seed, same data. */
  seed: number;
  /** (start) Number of applications; the other tables follow. */
  scale: number;
  /** (start) Row counts by endpoint that replace those derived from `scale`. */
  tables: Record<string, number>;
  /** (start) 0 takes a free port. */
  port: number;
  /** (start) The key that has every permission. */
  key: string;
  /** (start) Clock, epoch milliseconds; tests pass their own. */
  now: () => number;
  /** Wait before every answer. */
  latencyMs: number;
  /** Compress answers for clients that accept gzip. */
  gzip: boolean;
  /** Serialised list pages kept in memory; 0 keeps none. */
  pageCache: number;
  /** Requests kept in the log; older ones are dropped. */
  requestLogLimit: number;
  /** Requests that one key may make in any 60 s; 0 means no limit. */
  requestsPerMinute: number;
  /** Send X-RateLimit-Limit, -Remaining and -Reset (seen by a third party, not documented). */
  rateLimitHeaders: boolean;
  /** Share (0 to 1) of the limit that another client of the same key uses up. */
  greedyNeighbour: number;
  /** Send Retry-After with 429. */
  retryAfterHeader: boolean;
  cursorLifetimeMs: number;
  syncTokenLifetimeMs: number;
  /** Pages that a pass from a sync token may take before `incremental_sync_too_large`. */
  maxIncrementalPages: number;
  /** Parameters refused as unknown: `name` everywhere or `endpoint:name`. */
  refuseParameters: string[];
  /** apiKey.info answers keys that lack apiKeysRead. */
  apiKeyInfoOpen: boolean;
  /** How an unknown or disabled key is refused. */
  unknownKeyAnswer: 'text' | 'json';
  /** HTTP status that carries `missing_endpoint_permission`. */
  missingPermissionStatus: 403 | 200;
  /** Refuse an Accept header without `version=1`. */
  requireAcceptVersion: boolean;
  /** Cut jobPosting.list into pages of 100 (whether Ashby does is not documented). */
  pagedJobPostings: boolean;
  /** What candidate.info answers for an id that was merged away: the other candidate's row, or `candidate_not_found`. */
  mergedCandidateInfo: 'survivor' | 'not_found';
  /** (start) Number of saved reports. */
  reports: number;
  /** How often a started report has to be asked for until it is there. */
  reportPolls: number;
  /** Ids of reports whose generation fails. */
  failingReports: string[];
  /** opening.list says `moreDataAvailable`; its documented answer has none, although it pages. */
  openingsSayMore: boolean;
  /** So do the lists without documented paging whose documented answer has none; live answers were seen to. */
  unpagedSayMore: boolean;
  features: Features;
}

/** One request as the server saw it. */
export interface LoggedRequest {
  /** 1-based number since the start. */
  n: number;
  atMs: number;
  endpoint: string;
  /** Parsed JSON; undefined when it was not JSON. */
  body: unknown;
  key: string | null;
  /** 0 when the connection was cut or left hanging on purpose. */
  status: number;
  code?: string;
  rows: number;
}

/** A refusal that becomes an answer of Ashby's. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 200) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
