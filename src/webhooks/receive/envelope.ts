import type { Arrival } from '../inbox/inbox.ts';
import type { ProtectPersonalData } from '../world.ts';

/** Longer than any id or action of Ashby's; what is longer is kept in the body only. */
const LONGEST_NAME = 200;

/**
 * What a signed body says, ready to be kept; undefined where it is no JSON object in UTF-8. Only `action` and `data`
 * are promised by Ashby's description: whatever else lacks or is new, the event is kept. The body stays as it came
 * unless the preset for personal data changes it.
 */
export function readEnvelope(body: Buffer, receivedAtMs: number, protect: ProtectPersonalData): Arrival | undefined {
  const envelope = parse(body);
  if (!envelope) return undefined;
  const id = name(envelope['webhookActionId']);
  const action = name(envelope['action']) ?? 'unknown';
  return { id, action, receivedAtMs, body: protect ? protect(body) : body };
}

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Record<string, unknown>; // an object, by the line above
  } catch {
    return undefined; // the parser's own words quote the body
  }
}

/** A text that every store can hold as a column. */
function name(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_NAME) return undefined;
  return /[\u0000-\u001f\ud800-\udfff]/.test(value) ? undefined : value;
}
