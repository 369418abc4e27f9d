/** What can be made to go wrong with an answer. All of it is plain data, so that other processes can ask for it. */

import type { Body } from '../types.ts';

/** Where and when a fault strikes. */
export interface FaultAim {
  /** Endpoint name; absent means every endpoint. */
  endpoint?: string;
  /** 1-based among matching requests since the fault was set. Default 1. */
  nth?: number;
  /** How many matching requests in a row are hit. Default 1; Infinity is allowed. */
  times?: number;
  /** Looks at the parsed body. */
  where?: (body: Body) => boolean;
}

/** Shapes in which `errors` was met in the wild. */
export type ErrorShape = 'errorInfo' | 'strings' | 'objects' | 'codeObjects';

/** Errors that have a short name of their own. */
export const SHORT_FAULTS = {
  tokenExpired: 'sync_token_expired',
  tokenInvalid: 'sync_token_invalid',
  tooLarge: 'incremental_sync_too_large',
  cursorExpired: 'next_cursor_expired',
  cursorInvalid: 'invalid_next_cursor',
} as const;

/** Instead of the answer. */
export type WholeEffect =
  /** Any status with any body. `retryAfter` is sent as the header says it, counted from now. */
  | {
      kind: 'status';
      status: number;
      body?: string;
      headers?: Record<string, string>;
      retryAfter?: { seconds: number; as: 'seconds' | 'date' };
    }
  | { kind: 'html' }
  | { kind: 'error'; code: string; message?: string; shape?: ErrorShape; status?: number }
  | { kind: keyof typeof SHORT_FAULTS };

/** The connection. */
export type WireEffect =
  /** The listener closes for so long (default 20 ms; Infinity: until the faults are cleared), as if nobody was there. */
  | { kind: 'refuse'; forMs?: number }
  /** The connection is reset before a byte of the answer. */
  | { kind: 'reset' }
  /** Headers and half of the body, then a reset. */
  | { kind: 'resetMidBody' }
  /** No answer, ever. */
  | { kind: 'hang' }
  /** Headers and half of the body, then nothing more. */
  | { kind: 'stall' }
  /** The body in pieces with a wait before each. */
  | { kind: 'drip'; pieces: number; delayMs: number }
  | { kind: 'slow'; delayMs: number }
  /** The same answer once more, which nobody asked for, on the same connection. */
  | { kind: 'sentTwice' }
  /** These bytes and nothing else, then the connection ends. */
  | { kind: 'raw'; text: string };

/** The bytes of a right answer. */
export type ByteEffect =
  /** Half of the body, as if it was all. */
  | { kind: 'cut' }
  | { kind: 'wrap'; before?: string; after?: string }
  | { kind: 'replace'; body: string }
  /** A byte that no UTF-8 text has, inside a string. */
  | { kind: 'invalidUtf8' }
  | { kind: 'contentType'; value: string | null }
  /** Content-Length off by so many bytes. */
  | { kind: 'length'; by: number }
  /** Compressed, whatever the client accepts. `cut` leaves the second half out; `lie` only says that it is. */
  | { kind: 'compressed'; as: 'gzip' | 'br' | 'deflate'; cut?: true; lie?: true }
  /** White space after the opening brace: the answer is right and far too big. `bomb` sends it compressed. */
  | { kind: 'padded'; bytes: number; bomb?: true };

/** The envelope of a right answer. */
export type EnvelopeEffect =
  | { kind: 'noResults' }
  /** Fields set (`results` too) and left out. */
  | { kind: 'envelope'; set?: Record<string, unknown>; drop?: readonly string[] };

/** The way from page to page. */
export type PageEffect =
  | { kind: 'missingCursor' }
  | { kind: 'repeatedCursor' }
  /** Each page leads back to the one before it. */
  | { kind: 'alternatingCursor' }
  | { kind: 'noToken' }
  /** No rows, and a new cursor that leads to the rows. */
  | { kind: 'emptyPage' }
  /** The last row is on the next page instead. */
  | { kind: 'movedRow' }
  /** The last row is on the next page too. */
  | { kind: 'rowAgain' };

/** What is done to one row of an answer, or to the object that an `.info` call answers. */
export const ROW_DAMAGE = [
  'withoutId',
  'numericId',
  'nullId',
  'emptyId',
  'otherId',
  'null',
  'string',
  'list',
  'empty',
  'twice',
] as const;

export type RowEffect =
  /** `which`: default the one in the middle. */
  | { kind: 'row'; make: (typeof ROW_DAMAGE)[number]; which?: 'first' | 'middle' | 'last' }
  /** A field added to every row, as this JSON text, or lists `depth` deep; a string of `length` letters to one row. */
  | { kind: 'value'; field: string; json?: string; length?: number; depth?: number };

export type FaultEffect = WholeEffect | WireEffect | ByteEffect | EnvelopeEffect | PageEffect | RowEffect;

export type Fault = FaultAim & FaultEffect;

/** Every kind there is; the compiler notices one that is left out. */
const ALL_KINDS: Readonly<Record<FaultEffect['kind'], true>> = {
  status: true,
  html: true,
  error: true,
  tokenExpired: true,
  tokenInvalid: true,
  tooLarge: true,
  cursorExpired: true,
  cursorInvalid: true,
  refuse: true,
  reset: true,
  resetMidBody: true,
  hang: true,
  stall: true,
  drip: true,
  slow: true,
  sentTwice: true,
  raw: true,
  cut: true,
  wrap: true,
  replace: true,
  invalidUtf8: true,
  contentType: true,
  length: true,
  compressed: true,
  padded: true,
  noResults: true,
  envelope: true,
  missingCursor: true,
  repeatedCursor: true,
  alternatingCursor: true,
  noToken: true,
  emptyPage: true,
  movedRow: true,
  rowAgain: true,
  row: true,
  value: true,
};
export const KINDS: ReadonlySet<string> = new Set(Object.keys(ALL_KINDS));
