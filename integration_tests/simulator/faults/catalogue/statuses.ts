/** Statuses other than 200, and 200 that is none. */

import { entries, type CatalogueEntry } from './entry.ts';

/** A host that is not Ashby's and on which nobody listens. */
const ELSEWHERE = 'http://127.0.0.9:9/elsewhere';
const SUCCESS = '{"success":true,"results":[],"moreDataAvailable":false}';

const bare = (statuses: readonly number[], passes: CatalogueEntry['passes'], body = ''): CatalogueEntry[] =>
  entries(
    'status',
    { passes, at: 'any' },
    statuses.map((status) => ({
      name: `status-${status}`,
      does: `Status ${status}${body === '' ? ' without a body' : ' with a text'}.`,
      effect: { kind: 'status', status, body },
    })),
  );

const redirects = entries(
  'status',
  { passes: 'never', at: 'any' },
  [301, 302, 303, 307, 308].map((status) => ({
    name: `redirect-${status}`,
    does: `Status ${status} to another host.`,
    effect: { kind: 'status', status, headers: { location: ELSEWHERE } },
  })),
);

const claims = entries(
  'status',
  { passes: 'once', at: 'any' },
  [500, 502, 503].map((status) => ({
    name: `status-${status}-success`,
    does: `Status ${status} with a body that says success.`,
    effect: { kind: 'status', status, body: SUCCESS },
  })),
);

const throttled = entries('status', { passes: 'once', at: 'any' }, [
  { name: 'status-429', does: 'Status 429 without a word.', effect: { kind: 'status', status: 429 } },
  {
    name: 'status-429-seconds',
    does: 'Status 429 with Retry-After in seconds.',
    effect: { kind: 'status', status: 429, body: '{}', retryAfter: { seconds: 1, as: 'seconds' } },
  },
  {
    name: 'status-429-date',
    does: 'Status 429 with Retry-After as a date.',
    effect: { kind: 'status', status: 429, body: '{}', retryAfter: { seconds: 1, as: 'date' } },
  },
  {
    name: 'status-429-nonsense',
    does: 'Status 429 with a Retry-After that means nothing.',
    effect: { kind: 'status', status: 429, headers: { 'retry-after': 'soon' } },
  },
  {
    name: 'status-429-past',
    does: 'Status 429 with a Retry-After in the past.',
    effect: { kind: 'status', status: 429, retryAfter: { seconds: -60, as: 'date' } },
  },
  {
    name: 'status-429-partner',
    does: "Status 429 for a whole partner's traffic.",
    effect: { kind: 'status', status: 429, headers: { 'x-ratelimit-scope': 'integration-partner' } },
  },
  {
    name: 'status-503-seconds',
    does: 'Status 503 with Retry-After in seconds.',
    effect: { kind: 'status', status: 503, retryAfter: { seconds: 1, as: 'seconds' } },
  },
]);

const texts = entries('status', { passes: 'never', at: 'any' }, [
  {
    name: 'status-403-text',
    does: 'Status 403 with a text.',
    effect: { kind: 'status', status: 403, body: 'Forbidden' },
  },
  {
    name: 'status-403-html',
    does: 'Status 403 with the page of a firewall.',
    effect: {
      kind: 'status',
      status: 403,
      body: '<html><body>Access denied</body></html>',
      headers: { 'content-type': 'text/html' },
    },
  },
  {
    name: 'status-404-success',
    does: 'Status 404 with a body that says success.',
    effect: { kind: 'status', status: 404, body: SUCCESS },
  },
  {
    name: 'status-403-success',
    does: 'Status 403 with a body that says success.',
    effect: { kind: 'status', status: 403, body: SUCCESS },
  },
]);

export const statusFaults = [
  ...bare([101], 'never'),
  ...bare([202, 204, 205, 206], 'once'),
  ...redirects,
  ...bare([300, 304, 305], 'never'),
  ...bare(
    [400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422],
    'never',
  ),
  ...bare([408, 425], 'once'),
  ...bare([426, 428, 431, 451], 'never'),
  ...throttled,
  ...bare([500, 502, 503, 504], 'once'),
  ...bare([501, 505], 'never'),
  ...bare([507, 508, 509, 511], 'once'),
  ...bare([520, 521, 522, 523, 524, 525, 526, 527, 530], 'once', 'error code'),
  ...bare([599, 999], 'once'),
  ...claims,
  ...texts,
];
