import type { Fate, InboxFacts } from './inbox/inbox.ts';

/** Why something was answered with other than 200. */
export const refusals = [
  'not-a-delivery',
  'no-signature',
  'bad-signature',
  'not-json',
  'too-large',
  'cut-off',
  'too-busy',
  'malformed',
] as const;
export type Refusal = (typeof refusals)[number];

/** What this process has seen since it started. */
export class Tally {
  readonly fates: Record<Fate, number> = { new: 0, repeated: 0, changed: 0 };
  readonly refused: Record<Refusal, number>;
  readonly notified = { sent: 0, failed: 0 };
  storeFailures = 0;
  /** Wall-clock milliseconds; undefined where it has not happened. */
  lastDeliveryMs: number | undefined;
  lastRefusal: { atMs: number; reason: Refusal } | undefined;
  lastStoreFailure: { atMs: number; code: string } | undefined;
  /** Whether the last try to keep a delivery failed. */
  storeInTrouble = false;

  constructor() {
    // Every reason from the start: a counter that appears late hides its first step from whoever watches it.
    this.refused = Object.fromEntries(refusals.map((reason) => [reason, 0])) as Record<Refusal, number>; // all keys
  }

  kept(fate: Fate, nowMs: number): void {
    this.fates[fate] += 1;
    this.lastDeliveryMs = nowMs;
    this.storeInTrouble = false;
  }

  refuse(reason: Refusal, nowMs: number): void {
    this.refused[reason] += 1;
    this.lastRefusal = { atMs: nowMs, reason };
  }

  storeFailed(code: string, nowMs: number): void {
    this.storeFailures += 1;
    this.lastStoreFailure = { atMs: nowMs, code };
    this.storeInTrouble = true;
  }
}

export interface Gauges {
  connections: number;
  bodyBytes: number;
}

/** The counters as Prometheus reads them (prometheus.io/docs/instrumenting/exposition_formats). */
export function prometheus(tally: Tally, gauges: Gauges, facts: InboxFacts | undefined): string {
  const lines: string[] = [];
  const metric = (
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    values: readonly [labels: string, value: number | undefined][],
  ): void => {
    const known = values.filter(([, value]) => value !== undefined);
    if (known.length === 0) return;
    lines.push(`# HELP ashby_webhooks_${name} ${help}`, `# TYPE ashby_webhooks_${name} ${type}`);
    for (const [labels, value] of known) lines.push(`ashby_webhooks_${name}${labels} ${String(value)}`);
  };
  const by = (label: string, counts: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(counts).map(([key, count]) => [`{${label}="${key}"}`, count]);
  const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);

  metric('deliveries_total', 'counter', 'Deliveries answered 200, by what became of them.', by('fate', tally.fates));
  metric('refusals_total', 'counter', 'Requests that were no delivery, by reason.', by('reason', tally.refused));
  metric('store_failures_total', 'counter', 'Deliveries answered 503 because the inbox could not keep them.', [
    ['', tally.storeFailures],
  ]);
  metric('notifications_total', 'counter', 'Calls of --notify, by outcome.', by('outcome', tally.notified));
  metric('last_delivery_timestamp_seconds', 'gauge', 'When the last delivery was kept.', [
    ['', seconds(tally.lastDeliveryMs)],
  ]);
  metric('last_refusal_timestamp_seconds', 'gauge', 'When something was last refused.', [
    ['', seconds(tally.lastRefusal?.atMs)],
  ]);
  metric('connections', 'gauge', 'Open connections of the delivery listener.', [['', gauges.connections]]);
  metric('body_bytes', 'gauge', 'Bytes of bodies that are coming in or being stored.', [['', gauges.bodyBytes]]);
  metric('store_up', 'gauge', 'Whether the inbox can be read.', [['', facts ? 1 : 0]]);
  metric('newest_number', 'gauge', 'The last number that was given to an event.', [['', facts?.newest]]);
  metric('oldest_number', 'gauge', 'Every event from this number on is kept.', [['', facts?.oldest]]);
  metric('backlog_events', 'gauge', 'Events that no reader has asked for yet.', [['', facts?.backlog]]);
  metric('inbox_bytes', 'gauge', 'What the inbox takes up.', [['', facts?.bytes]]);
  metric('disk_free_bytes', 'gauge', 'What the disk of the inbox has left.', [['', facts?.freeBytes]]);
  return `${lines.join('\n')}\n`;
}
