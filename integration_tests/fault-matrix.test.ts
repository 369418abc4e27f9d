import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { KINDS, PLACES, type Kind, type Place } from './holes/support/faults.ts';
import { readFrom, rowsOf, wrongWith } from './holes/support/reading.ts';
import { StandIn, type Call, type Fault } from './holes/support/stand-in.ts';

/*
 * Every kind of fault at every place, once and always. Whatever comes: no stream is COMPLETE with a row missing or
 * wrong, no sibling is harmed, nothing but messages is printed, and the run ends after a bounded number of requests.
 */

const MOST_REQUESTS = 120;
/** Of real time; waits of the connector pass at once. */
const HANGS_AFTER_MS = 15_000;

interface Target {
  endpoint: string;
  when(call: Call): boolean;
  stream: string;
  /** Read beside it; none of them may be harmed. */
  siblings: string[];
}

let asked: string;
const page = (when: Target['when']): Target => ({
  endpoint: 'candidate.list',
  when,
  stream: 'candidates',
  siblings: ['users'],
});
const targets: Record<Place, Target> = {
  'first page': page((call) => call.page === 0),
  'middle page': page((call) => call.page === 1),
  'last page': page((call) => call.last),
  'a call': {
    endpoint: 'application.listHistory',
    when: (call) => call.parent === asked,
    stream: 'application_history',
    siblings: ['applications', 'users'],
  },
  'single answer': { endpoint: 'source.list', when: () => true, stream: 'sources', siblings: ['users'] },
};

let ashby: StandIn;
beforeAll(async () => {
  ashby = await StandIn.start(7);
  ashby.put('candidate.list', rowsOf('candidate', 18));
  ashby.put('user.list', rowsOf('user', 6));
  ashby.put('source.list', rowsOf('source', 6));
  const applications = rowsOf('application', 7);
  ashby.put('application.list', applications);
  asked = String(applications[4]?.['id']);
  ashby.about('application.listHistory', (parent) => rowsOf(parent, 3));
});
beforeEach(() => ashby.heal());
afterAll(() => ashby.stop());

/** What is wrong when this fault strikes there. */
async function strike(kind: Kind, place: Place, times: number): Promise<string[]> {
  const { endpoint, when, stream, siblings } = targets[place];
  ashby.heal();
  const fault: Fault = { endpoint, when, times, answer: kind.answer };
  ashby.fault(fault);
  const reading = readFrom(ashby, { streams: [stream, ...siblings] });
  const printed = await within(HANGS_AFTER_MS, reading);
  if (!printed) return ['hangs'];
  const wrong = wrongWith(ashby, printed, [stream, ...siblings]);
  if (fault.struck === undefined) wrong.push('the fault never struck');
  if (ashby.calls.length > MOST_REQUESTS) wrong.push(`${ashby.calls.length} requests`);
  const endings = printed.out.endings();
  // A key that Ashby refuses at once (status 401) ends the run with its first request: nobody has been read.
  const isRefusedKey = kind.name === 'status 401, empty' && ashby.calls.length === 1;
  const ofSiblings = isRefusedKey ? 'INCOMPLETE' : 'COMPLETE';
  for (const sibling of siblings) if (endings[sibling] !== ofSiblings) wrong.push(`${sibling} is harmed`);
  const { effect = 'heals' } = kind;
  const whole = effect === 'harmless' || (effect === 'heals' && times === 1);
  if (whole && endings[stream] !== 'COMPLETE') wrong.push(`${stream} ends ${endings[stream]}`);
  if (effect === 'heals' && times > 1 && endings[stream] === 'COMPLETE') wrong.push(`${stream} ends COMPLETE`);
  return wrong;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

test('the kinds have names of their own, and are some hundreds', () => {
  expect(new Set(KINDS.map(({ name }) => name)).size).toBe(KINDS.length);
  expect(KINDS.length).toBeGreaterThanOrEqual(200);
});

test('without a fault all is read', async () => {
  const streams = ['candidates', 'users', 'sources', 'applications', 'application_history'];
  const printed = await readFrom(ashby, { streams });
  expect(wrongWith(ashby, printed, streams)).toEqual([]);
  expect({ exitCode: printed.exitCode, rows: printed.out.recordCounts() }).toEqual({
    exitCode: 0,
    rows: { candidates: 18, users: 6, sources: 6, applications: 7, application_history: 21 },
  });
});

test.each(KINDS.map((kind): [string, Kind] => [kind.name, kind]))(
  '%s: nothing is lost in silence',
  async (_name, kind) => {
    const wrong: string[] = [];
    for (const place of kind.places ?? PLACES) {
      for (const times of [1, Infinity]) {
        const found = await strike(kind, place, times);
        wrong.push(...found.map((what) => `${place}, ${times === 1 ? 'once' : 'always'}: ${what}`));
      }
    }
    expect(wrong).toEqual([]);
  },
);
