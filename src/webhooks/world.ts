import type { Output } from '../protocol/output.ts';

/** Time, as the world provides it (the same as everywhere in the program; this part imports no other). */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Asks Ashby's API as the key that the command was given; throws a ConnectorError, with Ashby's `code` where it has one. */
export type AskAshby = (endpoint: string, body: Record<string, unknown>) => Promise<Record<string, unknown>>;

/**
 * Sees to personal data in the JSON of an event before it is kept: what comes out is kept, and nothing of what went in.
 * Undefined keeps the body as it came, byte for byte.
 */
export type ProtectPersonalData = ((body: Buffer) => Buffer) | undefined;

/** What the process provides to the receiver and to the commands around it. */
export interface WebhookWorld {
  output: Pick<Output, 'log'>;
  clock: Clock;
  /** Aborted when the receiver is to stop. */
  signal: AbortSignal;
  environment: Readonly<Record<string, string | undefined>>;
  /** Told the secrets before anything is printed about them. */
  hide(secret: string): void;
  /** Makes the function that asks Ashby, of a connection form. */
  connect(config: unknown): Promise<AskAshby>;
  /** Name and version of this program, for the User-Agent header. */
  userAgent: string;
  protect: ProtectPersonalData;
}
