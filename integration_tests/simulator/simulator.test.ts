import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ENDPOINTS, PERMISSIONS, startSimulator, type Row, type Simulator } from './index.ts';
import { bodyFor, call, everyPage, INFO_OF } from './testing.ts';

const FIELDS = JSON.parse(readFileSync(new URL('documented-fields.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
const CHILDREN = [
  'application.listHistory',
  'application.listCriteriaEvaluations',
  'candidate.listNotes',
  'candidate.listClientInfo',
  'candidate.listFraudChecks',
  'candidate.listProjects',
  'interviewEvent.list',
  'interviewStage.list',
  'user.listInterviewerPauses',
];
const LISTS = [...ENDPOINTS.keys()].filter((name) => name.endsWith('.list') && !CHILDREN.includes(name));

let sim: Simulator;
beforeAll(async () => {
  sim = await startSimulator({ scale: 300 });
});
afterAll(() => sim.close());

function paths(value: unknown, prefix: string, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) paths(item, prefix, found);
  else if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      found.add(prefix + key);
      paths(inner, `${prefix}${key}.`, found);
    }
  }
}

test('the same seed gives the same rows, another seed gives others', async () => {
  const [twin, other] = await Promise.all([startSimulator({ scale: 300 }), startSimulator({ scale: 300, seed: 2 })]);
  for (const name of LISTS)
    expect(JSON.stringify([...twin.rows(name)]) === JSON.stringify([...sim.rows(name)])).toBe(true);
  expect([...other.rows('candidate.list')][0]).not.toEqual([...sim.rows('candidate.list')][0]);
  await Promise.all([twin.close(), other.close()]);
});

// The journal without dates is 24 hours of it: journal.test.ts.
test.each(LISTS.filter((name) => name !== 'auditLog.list'))(
  '%s: the pages together are exactly the rows',
  async (name) => {
    for (const body of [bodyFor(sim, name), bodyFor(sim, name, { complete: true })]) {
      const { rows, last } = await everyPage(sim, name, body);
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows) === JSON.stringify([...sim.rows(name, body)])).toBe(true);
      expect(sim.count(name, body)).toBe(rows.length);
      expect(typeof last['syncToken']).toBe(ENDPOINTS.get(name)?.givesToken ? 'string' : 'undefined');
      if (typeof rows[0] === 'object') expect(new Set(rows.map((row) => row['id'])).size).toBe(rows.length);
    }
  },
);

test.each(Object.keys(FIELDS))('%s: every documented field is on some row', async (name) => {
  const found = new Set<string>();
  for (const body of everyBody(name)) {
    const answer = await call(sim, name, body);
    if (answer.json['success'] === true) paths(answer.json['results'], '', found);
  }
  expect((FIELDS[name] ?? '').split(' ').filter((path) => path && !found.has(path))).toEqual([]);
});

/** Enough requests to see all variants of an endpoint's rows. */
function everyBody(name: string): Record<string, unknown>[] {
  const body = bodyFor(sim, name, { complete: true });
  const parents: Record<string, [string, string]> = {
    application: ['application.list', 'applicationId'],
    candidate: ['candidate.list', 'candidateId'],
    user: ['user.list', 'userId'],
  };
  const own: Record<string, readonly [string, string]> = {
    ...INFO_OF,
    'interviewEvent.list': ['interviewSchedule.list', 'interviewScheduleId'],
  };
  const [list, param] = own[name] ?? parents[name.split('.')[0] ?? ''] ?? [];
  if (list === undefined || param === undefined || (!CHILDREN.includes(name) && !name.match(/info|Settings/))) {
    return [body];
  }
  return [...sim.rows(list, bodyFor(sim, list, { complete: true }))]
    .slice(0, 120)
    .map((row: Row) => ({ ...body, [param]: row['id'] }));
}

test.each([...ENDPOINTS.keys()])('%s refuses unknown keys, null and wrong types', async (name) => {
  const endpoint = ENDPOINTS.get(name);
  const body = bodyFor(sim, name);
  const bad: [string, unknown][] = [
    ['madeUp', 1],
    ['mad.eUp', null],
  ];
  for (const param of endpoint?.params.keys() ?? []) bad.push([param, null], [param, { no: 1 }]);
  for (const value of [0, 101, 1.5, '10']) if (endpoint?.params.has('limit')) bad.push(['limit', value]);
  if (!endpoint?.params.has('limit')) bad.push(['limit', 100]);
  if (!endpoint?.params.has('syncToken')) bad.push(['syncToken', 'x']);
  for (const [key, value] of bad) {
    const { status, json } = await call(sim, name, { ...body, [key]: value });
    expect([status, json['success'], (json['errorInfo'] as Row)['code'], key]).toEqual([
      200,
      false,
      'invalid_input',
      key,
    ]);
    expect(JSON.stringify(json['errors'])).toContain(key);
  }
  for (const text of ['', '[]', 'null', '{']) expect((await call(sim, name, text)).code).toBe('invalid_input');
});

test.each([...ENDPOINTS.keys()])('%s needs its permission', async (name) => {
  const { permission } = ENDPOINTS.get(name) ?? { permission: 'jobsRead' };
  const rest = PERMISSIONS.filter((other) => other !== permission);
  const body = bodyFor(sim, name);
  const answer = await call(sim, name, body, { key: sim.addKey({ permissions: rest }) });
  expect([answer.status, answer.code]).toEqual([403, 'missing_endpoint_permission']);
  expect((await call(sim, name, body, { key: sim.addKey({ permissions: [permission] }) })).code).not.toBe(
    'missing_endpoint_permission',
  );
});

test('rows hidden by default come only with their flags', () => {
  const fewer = [
    'job.list',
    'jobPosting.list',
    'interview.list',
    'user.list',
    'department.list',
    'location.list',
    'source.list',
    'sourceTrackingLink.list',
    'archiveReason.list',
    'candidateTag.list',
    'customField.list',
    'feedbackFormDefinition.list',
    'interviewPlan.list',
    'interviewerPool.list',
    'closeReason.list',
    'sequenceTemplate.list',
  ];
  for (const name of fewer)
    expect([name, sim.count(name)]).not.toEqual([name, sim.count(name, bodyFor(sim, name, { complete: true }))]);
  const boards = [...sim.rows('jobBoard.list')].map((row) => sim.count('jobPosting.list', { jobBoardId: row['id'] }));
  expect(boards.length).toBeGreaterThan(1);
  expect(boards.every((count) => count > 0)).toBe(true);
  expect(sim.count('jobPosting.list')).toBe(boards[0]);
});

test.each(Object.keys(INFO_OF))(
  '%s answers the object that was asked for, and not_found for what is gone',
  async (name) => {
    const [list = '', param = ''] = INFO_OF[name] ?? [];
    const own = await startSimulator({ scale: 60 });
    const body = bodyFor(own, name, { complete: true });
    const { json } = await call(own, name, body);
    expect((json['results'] as Row)[name === 'jobInterviewPlan.info' ? 'jobId' : 'id']).toBe(body[param]);
    expect([...own.rows(name, body)]).toEqual([json['results']]);
    own.remove(list, [String(body[param])]);
    const gone = await call(own, name, body);
    expect([gone.status, gone.json['success'], gone.code]).toEqual([200, false, expect.stringMatching(/_not_found$/)]);
    await own.close();
  },
);

test('an interviewer pool tells its members, and a new version of it has one more', () => {
  const ids = [...sim.rows('interviewerPool.list', { includeArchivedPools: true })].map((row) => String(row['id']));
  const members = (id: string): number => {
    const row = sim.rows('interviewerPool.info', { interviewerPoolId: id }).next().value;
    return (row?.['qualifiedMembers'] as Row[]).length;
  };
  const counts = ids.map(members);
  expect(new Set(counts).size).toBeGreaterThan(1);
  expect(counts).toContain(0);
  const fullest = ids[counts.indexOf(Math.max(...counts))] ?? '';
  sim.change('interviewerPool.list', { ids: [fullest] });
  expect(members(fullest)).toBe(Math.max(...counts) + 1);
});

test('applications point to rows that exist, and tracking links set their source', () => {
  const ids = (name: string): Set<unknown> =>
    new Set([...sim.rows(name, bodyFor(sim, name, { complete: true }))].map((row) => row['id']));
  const [candidates, jobs, users, sources] = ['candidate.list', 'job.list', 'user.list', 'source.list'].map(ids) as [
    Set<unknown>,
    Set<unknown>,
    Set<unknown>,
    Set<unknown>,
  ];
  const linked = new Set(
    [...sim.rows('sourceTrackingLink.list', { includeDisabled: true })].map((row) => row['sourceId']),
  );
  let viaLinks = 0;
  for (const row of sim.rows('application.list')) {
    expect(candidates.has((row['candidate'] as Row)['id'])).toBe(true);
    expect(jobs.has((row['job'] as Row)['id'])).toBe(true);
    const source = row['source'] as Row | undefined | null;
    if (source) expect(sources.has(source['id'])).toBe(true);
    if (source && linked.has(source['id'])) viaLinks++;
    const credited = row['creditedToUser'] as Row | undefined | null;
    if (credited) expect(users.has(credited['id'])).toBe(true);
    expect(row['status'] === 'Archived').toBe(Boolean(row['archiveReason'] && row['archivedAt']));
  }
  expect(viaLinks).toBeGreaterThan(30);
});

test('names hold separators, quotes, emoji, and a lone surrogate sent as an escape', async () => {
  const awkward = await startSimulator({ scale: 600 });
  let text = '';
  for (let cursor: unknown; ;) {
    const page = await call(awkward, 'candidate.list', cursor === undefined ? {} : { cursor });
    text += page.text;
    cursor = page.json['nextCursor'];
    if (page.json['moreDataAvailable'] !== true) break;
  }
  for (const part of ['\u2028', '\u2029', '\u0085', '🎉', '\\ud83d at', '\\"', '\\r\\n', 'long text long text'])
    expect(text).toContain(part);
  await awkward.close();
});

test('a million rows cost no memory, and ids lead straight to their rows', async () => {
  const large = await startSimulator({ scale: 1_000_000 });
  expect(large.count('application.list')).toBe(1_000_000);
  const first = [...((await call(large, 'application.list', {})).json['results'] as Row[])][0];
  expect((await call(large, 'application.info', { applicationId: first?.['id'] })).json['success']).toBe(true);
  await large.close();
});
