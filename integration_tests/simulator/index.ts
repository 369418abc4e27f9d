/** A fake Ashby over real HTTP, for tests, demos and users without an account. */

import { makeKey } from './access.ts';
import { Api } from './answer.ts';
import type { Children } from './children.ts';
import { find } from './find.ts';
import { makeControl } from './control.ts';
import { makeData } from './data/index.ts';
import { ENDPOINTS } from './endpoints.ts';
import { Fates } from './fates.ts';
import type { Listing } from './listings.ts';
import { indexesOf } from './pager.ts';
import { listen, RequestLog } from './server.ts';
import type { Simulator } from './simulator.ts';
import type { TableName } from './tables.ts';
import type { Body, Row, SimulatorOptions } from './types.ts';

export { ENDPOINTS };
export { PERMISSIONS } from './types.ts';
export type { Fault } from './faults/effects.ts';
export type { Simulator } from './simulator.ts';
export type { LoggedRequest, Permission, Row, SimulatorOptions } from './types.ts';

const FIXED = ['seed', 'scale', 'tables', 'port', 'key', 'now', 'reports'];

export function defaultOptions(): SimulatorOptions {
  return {
    seed: 1,
    scale: 600,
    tables: {},
    port: 0,
    key: makeKey(0xa5b),
    now: Date.now,
    latencyMs: 0,
    gzip: false,
    pageCache: 0,
    requestLogLimit: 200_000,
    requestsPerMinute: 0,
    rateLimitHeaders: false,
    greedyNeighbour: 0,
    retryAfterHeader: true,
    cursorLifetimeMs: 3_600_000,
    syncTokenLifetimeMs: 30 * 86_400_000,
    maxIncrementalPages: 200,
    refuseParameters: [],
    apiKeyInfoOpen: false,
    unknownKeyAnswer: 'text',
    missingPermissionStatus: 403,
    requireAcceptVersion: true,
    pagedJobPostings: false,
    mergedCandidateInfo: 'survivor',
    reports: 3,
    reportPolls: 2,
    failingReports: [],
    openingsSayMore: false,
    unpagedSayMore: false,
    features: {
      aiApplicationReview: true,
      fraudDetection: true,
      auditLogs: true,
      notetaker: true,
      takeHomes: true,
      sequences: true,
      referrals: true,
    },
  };
}

/** Starts a simulator on 127.0.0.1. Throws on unknown table names. */
export async function startSimulator(
  given: Partial<Omit<SimulatorOptions, 'features'>> & { features?: Partial<SimulatorOptions['features']> } = {},
): Promise<Simulator> {
  const defaults = defaultOptions();
  const options: SimulatorOptions = { ...defaults, ...given, features: { ...defaults.features, ...given.features } };
  const data = makeData(options);
  const api = new Api(data, options);
  const log = new RequestLog();
  const { world } = data;

  const listing = (endpoint: string): Listing => {
    const found = api.listings.get(endpoint);
    if (!found) throw new Error(`${endpoint} is not a list with rows of its own`);
    return found;
  };
  const indexes = (endpoint: string, body: Body): Generator<number> => indexesOf(data, listing(endpoint), body);
  const childRows = (children: Children, body: Body): Row[] => {
    const parent = find(data, children.parent, body[children.param]);
    return children.rows(parent, world.state(children.parent).version(parent), body);
  };
  const fates = new Fates(data);
  const idsOf = (table: TableName, rows: readonly number[]): string[] => rows.map((row) => world.id(table, row));

  const simulator: Simulator = {
    url: '',
    keys: { full: options.key },
    addKey: (o) => {
      const key = makeKey(options.seed + 0x1000 + api.access.size);
      api.access.add(key, { permissions: o.permissions, disabled: o.disabled ?? false });
      return key;
    },
    requests: () => log.entries,
    clearRequests: () => void (log.entries = []),
    maxRequestsInAnyMinute: (key) => api.access.busiest(key),
    throttled: () => api.access.throttled,
    reportPeaks: () => api.reports.peaks,
    count: (endpoint, body = {}) => {
      const children = api.children.get(endpoint);
      if (children) return childRows(children, body).length;
      const list = listing(endpoint);
      if (!list.visible && body['createdAfter'] === undefined && body['createdBefore'] === undefined)
        return world.state(list.table).live;
      let count = 0;
      for (const _ of indexes(endpoint, body)) count++;
      return count;
    },
    *rows(endpoint, body = {}) {
      const single = api.singles.get(endpoint);
      const children = api.children.get(endpoint);
      if (single) yield single(body);
      else if (children) yield* childRows(children, body);
      else {
        const list = listing(endpoint);
        const state = world.state(list.table);
        for (const index of indexes(endpoint, body))
          yield JSON.parse(list.json(index, state.version(index), body)) as Row;
      }
    },
    change: (endpoint, o) => {
      const { table } = listing(endpoint);
      const state = world.state(table);
      const count = o.count ?? (o.fraction === undefined ? 1 : Math.round(state.live * o.fraction));
      const chosen = fates.choose(table, o.ids ?? count);
      for (const index of chosen) state.change(index);
      return idsOf(table, chosen);
    },
    insert: (endpoint, count, when = {}) => {
      const { table } = listing(endpoint);
      const first = when.at ?? (table === 'auditLog' ? options.now() : undefined);
      const step = (when.overMs ?? 0) / Math.max(1, count);
      const instants = Array.from({ length: count }, (_, n) =>
        first === undefined ? undefined : first + Math.floor(n * step),
      );
      return idsOf(table, fates.insert(table, instants));
    },
    remove: (endpoint, ids) => {
      const { table } = listing(endpoint);
      const chosen = fates.choose(table, ids);
      fates.remove(table, chosen);
      return idsOf(table, chosen);
    },
    hide: (endpoint, ids) => {
      const { table } = listing(endpoint);
      const chosen = fates.choose(table, ids);
      fates.hide(table, chosen);
      return idsOf(table, chosen);
    },
    show: (endpoint, ids) => {
      const { table } = listing(endpoint);
      return idsOf(table, fates.show(table, ids && fates.living(table, ids)));
    },
    merge: (from, into) => {
      const [lost, kept] = fates.living('candidate', [from, into]) as [number, number]; // one for each id
      fates.merge(lost, kept);
    },
    vanishParent: (endpoint, id) => {
      fates.living(listing(endpoint).table, [id]);
      world.vanish(id);
    },
    expireTokens: () => api.pager.expireTokens(),
    expireCursors: () => api.pager.expireCursors(),
    fault: (fault) => api.faults.add(fault),
    clearFaults: () => undefined,
    set: (changes) => {
      for (const [name, value] of Object.entries(changes)) {
        if (!(name in defaults) || FIXED.includes(name))
          throw new Error(`${name} cannot be set while the simulator runs`);
        Object.assign(options, { [name]: name === 'features' ? { ...options.features, ...(value as object) } : value });
      }
    },
    close: () => Promise.resolve(),
  };
  const { door, port } = await listen({ api, options, log, control: makeControl(simulator) });
  simulator.url = `http://127.0.0.1:${port}`;
  simulator.clearFaults = () => {
    api.faults.clear();
    door.open();
  };
  simulator.close = () => door.end();
  return simulator;
}
