/** Who may ask, and how often: API keys, permissions and the rate limit. */

import { ApiError, PERMISSIONS, type Permission, type SimulatorOptions } from './types.ts';
import { roll } from './ids.ts';

const WINDOW_MS = 60_000;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

interface Key {
  permissions: ReadonlySet<Permission>;
  disabled: boolean;
  /** Every request sent, refused ones too. */
  sent: Window;
  /** Requests that were let through; these use up the limit. */
  passed: Window;
}

/** Requests of the last 60 s. */
class Window {
  #times: number[] = [];
  #head = 0;
  busiest = 0;

  /** Requests in the window that ends now. */
  used(now: number): number {
    while (this.#head < this.#times.length && (this.#times[this.#head] as number) <= now - WINDOW_MS) this.#head++;
    if (this.#head > 10_000) {
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
    return this.#times.length - this.#head;
  }

  add(now: number): void {
    this.#times.push(now);
    this.busiest = Math.max(this.busiest, this.used(now));
  }

  oldest(now: number): number {
    return this.#times[this.#head] ?? now;
  }
}

/** Scope strings as apiKey.info shows them. */
export const scopeOf = (permission: Permission): string => permission.replace(/Read$/, ':read');

/** A made-up key of realistic length. */
export function makeKey(random: number): string {
  return Array.from({ length: 64 }, (_, n) => ALPHABET[roll(random, n) % ALPHABET.length]).join('');
}

export class Access {
  readonly #keys = new Map<string, Key>();
  readonly #options: SimulatorOptions;
  throttled = 0;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.add(options.key, { permissions: [...PERMISSIONS], disabled: false });
  }

  add(key: string, o: { permissions: readonly Permission[]; disabled: boolean }): void {
    this.#keys.set(key, {
      permissions: new Set(o.permissions),
      disabled: o.disabled,
      sent: new Window(),
      passed: new Window(),
    });
  }

  get size(): number {
    return this.#keys.size;
  }

  permissions(key: string): readonly Permission[] {
    return [...(this.#keys.get(key)?.permissions ?? [])];
  }

  /** True for a key that exists and is enabled. */
  knows(key: string): boolean {
    const known = this.#keys.get(key);
    return known !== undefined && !known.disabled;
  }

  demand(key: string, permission: Permission): void {
    if (this.#keys.get(key)?.permissions.has(permission)) return;
    throw new ApiError(
      'missing_endpoint_permission',
      `The API key lacks the permission ${permission}`,
      this.#options.missingPermissionStatus,
    );
  }

  /** Counts a request. Returns what the rate-limit headers say, and for how long to wait when it is one too many. */
  count(key: string): { limit: number; remaining: number; resetMs: number; retryAfterMs: number } | undefined {
    const known = this.#keys.get(key);
    if (!known) return undefined;
    const now = this.#options.now();
    known.sent.add(now);
    const limit = this.#options.requestsPerMinute;
    const own = Math.floor(limit * (1 - this.#options.greedyNeighbour));
    const used = known.passed.used(now);
    const resetMs = known.passed.oldest(now) + WINDOW_MS;
    if (limit > 0 && used >= own) {
      this.throttled++;
      return { limit, remaining: 0, resetMs, retryAfterMs: Math.max(1, resetMs - now) };
    }
    known.passed.add(now);
    return limit > 0 ? { limit, remaining: own - used - 1, resetMs, retryAfterMs: 0 } : undefined;
  }

  /** Most requests sent in any 60 s, refused ones too, for one key or the busiest. */
  busiest(key?: string): number {
    if (key !== undefined) return this.#keys.get(key)?.sent.busiest ?? 0;
    return Math.max(...[...this.#keys.values()].map((known) => known.sent.busiest));
  }
}
