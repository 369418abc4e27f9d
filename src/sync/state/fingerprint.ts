import { createHash } from 'node:crypto';
import { ASHBY_VERSION } from '../../ashby/client.ts';
import { listBody } from '../../sources/list.ts';
import { lineage, rootOf } from '../../tables/lineage.ts';
import type { Body, Table } from '../../tables/definition.ts';

/** What a request's shape is made of. Two requests with equal shapes may use each other's tokens. */
interface RequestShape {
  endpoint: string;
  body: Body;
  apiVersion: string;
  startDate?: string | undefined;
  /** For a table of calls: the shape of its own call. */
  child?: { endpoint: string; body: Body } | undefined;
}

/**
 * A short digest of what is asked for a table: of its list, and of its own call if it makes one. What is remembered
 * under one shape is worth nothing under another. `startDate` counts where the list is filtered by it.
 */
export function fingerprintOf(table: Table, surveyType: string | undefined, startDate: Date | undefined): string {
  const { source } = rootOf(table);
  const call = lineage(table).find(({ source: { kind } }) => kind === 'calls' || kind === 'boards');
  const list = call?.source.kind === 'calls' ? lineage(call).find(({ source: { kind } }) => kind === 'boards') : call;
  const asked = list?.source.kind === 'boards' ? list.source : source;
  const filtered = source.kind === 'list' && source.startDateApplies === true;
  return digest({
    endpoint: asked.endpoint,
    body: listBody(asked, surveyType),
    apiVersion: ASHBY_VERSION,
    startDate: filtered ? startDate?.toISOString() : undefined,
    child: call?.source.kind === 'calls' ? { endpoint: call.source.endpoint, body: call.source.body ?? {} } : undefined,
  });
}

/** Keys are sorted, so that the order in the table of streams does not matter. */
function digest(shape: RequestShape): string {
  const sorted = JSON.stringify(shape, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return createHash('sha256').update(sorted).digest('hex').slice(0, 16);
}
