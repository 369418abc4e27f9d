import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ENDPOINTS, startSimulator, type Fault, type Row, type Simulator } from './index.ts';
import { bodyFor, call, everyPage } from './testing.ts';

let sim: Simulator;
let now = 1_800_000_000_000;
beforeEach(async () => {
  sim = await startSimulator({ scale: 400, now: () => now });
});
afterEach(() => sim.close());

const token = async (name: string, body: Row = {}): Promise<string> =>
  String((await everyPage(sim, name, body)).last['syncToken']);
const idsOf = (rows: readonly Row[]): unknown[] => rows.map((row) => row['id']).sort();

test('a delta holds exactly the rows changed or inserted since its token, and removed ones vanish', async () => {
  const first = await token('candidate.list');
  const changed = sim.change('candidate.list', { fraction: 0.5 });
  const inserted = sim.insert('candidate.list', 3);
  sim.remove('candidate.list', changed.slice(0, 2));
  const delta = await everyPage(sim, 'candidate.list', { syncToken: first });
  expect(delta.pages).toBeGreaterThan(1);
  expect(idsOf(delta.rows)).toEqual([...changed.slice(2), ...inserted].sort());
  const truth = new Map([...sim.rows('candidate.list')].map((row) => [row['id'], row]));
  for (const row of delta.rows) expect(row).toEqual(truth.get(row['id']));
  const next = await everyPage(sim, 'candidate.list', { syncToken: delta.last['syncToken'] });
  expect(next.rows).toEqual([]);
  expect(typeof next.last['syncToken']).toBe('string');
});

test('a change during a pass comes with the next delta', async () => {
  const { json } = await call(sim, 'application.list', {});
  const [id] = sim.change('application.list', { count: 1 });
  const rest = await everyPage(sim, 'application.list', { cursor: json['nextCursor'] });
  expect(idsOf((await everyPage(sim, 'application.list', { syncToken: rest.last['syncToken'] })).rows)).toEqual([id]);
});

test('tokens and cursors belong to one request shape', async () => {
  const applications = await token('application.list');
  expect((await call(sim, 'application.list', { syncToken: applications, expand: ['openings'] })).code).toBe(
    'sync_token_invalid',
  );
  expect((await call(sim, 'candidate.list', { syncToken: applications })).code).toBe('sync_token_invalid');
  expect((await call(sim, 'candidate.list', { syncToken: 'made up' })).code).toBe('sync_token_invalid');
  const { json } = await call(sim, 'application.list', { limit: 10 });
  expect((await call(sim, 'application.list', { cursor: json['nextCursor'], status: 'Active' })).code).toBe(
    'invalid_next_cursor',
  );
  expect((await call(sim, 'application.list', { cursor: 'made up' })).code).toBe('invalid_next_cursor');
  expect((await call(sim, 'application.list', { cursor: json['nextCursor'], syncToken: applications })).code).toBe(
    'invalid_input',
  );
  const survey = await token('surveySubmission.list', { surveyType: 'Questionnaire' });
  expect(
    (await call(sim, 'surveySubmission.list', { surveyType: 'CandidateExperience', syncToken: survey })).code,
  ).toBe('sync_token_invalid');
});

test('tokens and cursors expire, by age and on command', async () => {
  const old = await token('user.list');
  const { json } = await call(sim, 'candidate.list', {});
  now += 2 * 3_600_000;
  expect((await call(sim, 'candidate.list', { cursor: json['nextCursor'] })).code).toBe('next_cursor_expired');
  now += 31 * 86_400_000;
  expect((await call(sim, 'user.list', { syncToken: old })).code).toBe('sync_token_expired');
  const fresh = await token('user.list');
  const page = await call(sim, 'candidate.list', {});
  sim.expireTokens();
  sim.expireCursors();
  expect((await call(sim, 'user.list', { syncToken: fresh })).code).toBe('sync_token_expired');
  expect((await call(sim, 'candidate.list', { cursor: page.json['nextCursor'] })).code).toBe('next_cursor_expired');
});

test('a delta of too many pages breaks off midway', async () => {
  const first = await token('candidate.list');
  sim.change('candidate.list', { fraction: 1 });
  sim.set({ maxIncrementalPages: 2 });
  await expect(everyPage(sim, 'candidate.list', { syncToken: first })).rejects.toThrow('incremental_sync_too_large');
  expect(sim.requests().at(-1)?.code).toBe('incremental_sync_too_large');
});

test('opening.list never says moreDataAvailable, and tracking links take back their cursor but no limit', async () => {
  const big = await startSimulator({ tables: { 'opening.list': 150, 'sourceTrackingLink.list': 150 } });
  const openings = await call(big, 'opening.list', {});
  expect(Object.keys(openings.json)).toEqual(['success', 'results', 'nextCursor']);
  expect((await everyPage(big, 'opening.list', {})).rows).toHaveLength(150);
  expect((await everyPage(big, 'sourceTrackingLink.list', { includeDisabled: true })).pages).toBe(2);
  expect((await call(big, 'sourceTrackingLink.list', { limit: 100 })).code).toBe('invalid_input');
  big.set({ openingsSayMore: true });
  const [first, last] = [await call(big, 'opening.list', {}), await everyPage(big, 'opening.list', {})];
  expect([first.json['moreDataAvailable'], last.last['moreDataAvailable']]).toEqual([true, false]);
  await big.close();
});

test('moreDataAvailable is where the documents have it, and by option wherever live answers had it', async () => {
  const lists = [...ENDPOINTS.keys()].filter((name) => name.endsWith('.list'));
  const silent = async (): Promise<string[]> => {
    const found = await Promise.all(
      lists.map(async (name) =>
        'moreDataAvailable' in (await call(sim, name, bodyFor(sim, name))).json ? [] : [name],
      ),
    );
    return found.flat();
  };
  expect(await silent()).toEqual([
    'applicationHiringTeamRole.list',
    'archiveReason.list',
    'communicationTemplate.list',
    'hiringTeamRole.list',
    'interviewStageGroup.list',
    'jobPosting.list',
    'opening.list',
  ]);
  sim.set({ unpagedSayMore: true, openingsSayMore: true });
  expect(await silent()).toEqual(['jobPosting.list']);
});

test('keys, headers and methods are checked', async () => {
  const list = (o: { key?: string; headers?: Record<string, string> }) => call(sim, 'user.list', {}, o);
  expect((await list({ headers: { authorization: '' } })).status).toBe(401);
  expect((await list({ key: 'unknown-key' })).status).toBe(403);
  expect((await list({ key: sim.addKey({ permissions: ['organizationRead'], disabled: true }) })).text).toBe(
    'Forbidden',
  );
  const both = Buffer.from(`${sim.keys.full}:${sim.keys.full}`).toString('base64');
  expect((await list({ headers: { authorization: `Basic ${both}` } })).status).toBe(401);
  expect((await list({ headers: { 'content-type': 'text/plain' } })).status).toBe(400);
  expect((await list({ headers: { accept: 'application/json' } })).status).toBe(406);
  expect((await list({ headers: { 'ashby-version': '2020-01-01' } })).status).toBe(400);
  const fine = await list({ headers: { 'ashby-version': '2026-01-01' } });
  expect([fine.status, fine.headers.get('ashby-version'), fine.headers.get('ashby-version-status')]).toEqual([
    200,
    '2026-01-01',
    'active',
  ]);
  expect(Date.parse(fine.headers.get('date') ?? '')).toBe(Math.floor(now / 1000) * 1000);
  expect((await fetch(`${sim.url}/user.list`)).status).toBe(405);
  expect((await call(sim, 'nothing.list', {})).status).toBe(404);
});

test('apiKey.info needs apiKeysRead unless it is open, and a missing permission may come as 200', async () => {
  const key = sim.addKey({ permissions: ['jobsRead', 'hiringProcessMetadataRead'] });
  expect((await call(sim, 'apiKey.info', {}, { key })).code).toBe('missing_endpoint_permission');
  sim.set({ apiKeyInfoOpen: true, missingPermissionStatus: 200 });
  expect(((await call(sim, 'apiKey.info', {}, { key })).json['results'] as Row)['scopes']).toEqual([
    'jobs:read',
    'hiringProcessMetadata:read',
  ]);
  const answer = await call(sim, 'user.list', {}, { key });
  expect([answer.status, answer.code]).toEqual([200, 'missing_endpoint_permission']);
});

test('the rate limit is a sliding minute and tells when to come back', async () => {
  sim.set({ requestsPerMinute: 10, greedyNeighbour: 0.5, rateLimitHeaders: true });
  for (let n = 0; n < 5; n++) expect((await call(sim, 'brand.list', {})).status).toBe(200);
  const refused = await call(sim, 'brand.list', {});
  expect([refused.status, refused.headers.get('retry-after'), refused.json['success']]).toEqual([429, '60', false]);
  expect([refused.headers.get('x-ratelimit-limit'), refused.headers.get('x-ratelimit-remaining')]).toEqual(['10', '0']);
  now += 60_001;
  expect((await call(sim, 'brand.list', {})).status).toBe(200);
  expect([sim.throttled(), sim.maxRequestsInAnyMinute()]).toEqual([1, 6]);
});

test('features that are off refuse or are unknown, and newer parameters can be refused by name', async () => {
  sim.set({
    features: {
      auditLogs: false,
      notetaker: false,
      takeHomes: false,
      sequences: false,
      referrals: false,
      aiApplicationReview: false,
      fraudDetection: false,
    },
  });
  expect((await call(sim, 'auditLog.list', {})).code).toBe('audit_logs_not_enabled');
  for (const name of ['referral.list', 'sequence.list', 'takeHomeAssignment.list'])
    expect((await call(sim, name, {})).status).toBe(404);
  const candidateId = sim.rows('candidate.list').next().value?.['id'];
  expect((await call(sim, 'candidate.listFraudChecks', { candidateId })).code).toBe('feature_not_enabled');
  sim.set({ refuseParameters: ['includeUnpublishedJobPostings'] });
  const refused = await call(sim, 'jobPosting.list', { includeUnpublishedJobPostings: true });
  expect([refused.code, refused.text.includes('includeUnpublishedJobPostings')]).toEqual(['invalid_input', true]);
});

test('children of a vanished or removed parent are not found', async () => {
  const [kept, gone] = [...sim.rows('candidate.list')].map((row) => String(row['id']));
  sim.vanishParent('candidate.list', kept as string);
  sim.remove('candidate.list', [gone as string]);
  for (const candidateId of [kept, gone])
    expect((await call(sim, 'candidate.listNotes', { candidateId })).code).toBe('candidate_not_found');
  expect([...sim.rows('candidate.list')][0]?.['id']).toBe(kept);
});

const FAULTS: [string, Fault, (text: string, status: number) => unknown, unknown][] = [
  ['status', { kind: 'status', status: 503, body: 'busy' }, (text, status) => [status, text], [503, 'busy']],
  ['html', { kind: 'html' }, (text, status) => [status, text.startsWith('<!doctype')], [200, true]],
  ['cut', { kind: 'cut' }, (text) => text.startsWith('{"success":true') && !text.endsWith('}'), true],
  ['noResults', { kind: 'noResults' }, (text) => text.includes('results'), false],
  ['strings', { kind: 'error', code: 'boom', shape: 'strings' }, (text) => text, '{"success":false,"errors":["boom"]}'],
  [
    'codes',
    { kind: 'error', code: 'boom', shape: 'codeObjects', status: 400 },
    (text, status) => [status, text.includes('"code":"boom"')],
    [400, true],
  ],
  [
    'missing cursor',
    { kind: 'missingCursor' },
    (text) => [text.includes('"moreDataAvailable":true'), text.includes('nextCursor')],
    [true, false],
  ],
  ['no token', { kind: 'noToken', nth: 1 }, (text) => text.includes('syncToken'), false],
  ['short', { kind: 'tokenExpired' }, (text) => text.includes('sync_token_expired'), true],
];
test.each(FAULTS)('fault %s strikes once', async (_name, fault, see, expected) => {
  sim.fault(fault);
  const struck = await call(sim, 'department.list', {});
  expect(see(struck.text, struck.status)).toEqual(expected);
  expect(see((await call(sim, 'department.list', {})).text, 200)).not.toEqual(expected);
});

test('an empty page leads on, a repeated cursor repeats, a reset breaks the connection', async () => {
  const all = [...sim.rows('candidate.list')].length;
  sim.fault({ kind: 'emptyPage', endpoint: 'candidate.list', nth: 2 });
  expect((await everyPage(sim, 'candidate.list', {})).rows).toHaveLength(all);
  sim.clearFaults();
  const { json } = await call(sim, 'candidate.list', {});
  sim.fault({ kind: 'repeatedCursor', where: (body) => 'cursor' in body });
  expect((await call(sim, 'candidate.list', { cursor: json['nextCursor'] })).json['nextCursor']).toBe(
    json['nextCursor'],
  );
  sim.fault({ kind: 'reset' });
  await expect(call(sim, 'candidate.list', {})).rejects.toThrow();
});

test('the controls work over HTTP', async () => {
  const control = async (name: string, body: Row): Promise<string> =>
    (await fetch(`${sim.url}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) })).text();
  expect(JSON.parse(await control('count', { endpoint: 'candidate.list' }))).toEqual({ count: 300 });
  const lines = (await control('rows', { endpoint: 'candidate.list' })).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as Row)).toEqual([...sim.rows('candidate.list')]);
  expect(JSON.parse(await control('change', { endpoint: 'candidate.list', count: 2 }))).toHaveLength(2);
  await control('fault', { kind: 'error', code: 'boom', endpoint: 'brand.list', times: 'Infinity' });
  expect((await call(sim, 'brand.list', {})).code).toBe('boom');
  await control('clear-faults', {});
  expect((await call(sim, 'brand.list', {})).json['success']).toBe(true);
  expect(await control('set', { seed: 3 })).toContain('cannot be set');
  expect(JSON.parse(await control('requests', {}))).toHaveLength(2);
});
