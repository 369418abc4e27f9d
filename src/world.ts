import type { Clock } from './http/clock.ts';
import type { Output } from './protocol/output.ts';

/** What the process provides. */
export interface World {
  output: Output;
  clock: Clock;
  random(): number;
  /** Aborted when the run is to stop. */
  signal: AbortSignal;
  /** The environment variable ASHBY_BASE_URL. */
  baseUrlOverride: string | undefined;
  /** Where HTTPS_PROXY and NO_PROXY are looked up. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Given what is to be done when the command is through. */
  onEnd(action: () => void): void;
  /** Told the secrets before anything is printed about them. */
  hide(secret: string): void;
}
