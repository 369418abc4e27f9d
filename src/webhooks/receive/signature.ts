import { createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'sha256=';

/** The digest that an `Ashby-Signature` header names; undefined where it cannot be one, so that no body need be read. */
export function digestOf(header: string | string[] | undefined): Buffer | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  if (!/^sha256=[0-9a-f]{64}$/i.test(text)) return undefined;
  return Buffer.from(text.slice(PREFIX.length), 'hex');
}

/**
 * Whether one of the secrets has signed this body: `sha256=<hex HMAC-SHA256 of the raw body>`
 * (developers.ashbyhq.com, "Authenticating webhooks"). Two secrets hold while one takes the other's place. All are
 * tried, in constant time, so that the time tells nothing.
 */
export function isSigned(body: Buffer, digest: Buffer, secrets: readonly string[]): boolean {
  let signed = false;
  for (const secret of secrets) {
    if (timingSafeEqual(createHmac('sha256', secret).update(body).digest(), digest)) signed = true;
  }
  return signed;
}
