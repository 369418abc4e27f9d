import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { missingFrom, readAsProcess, readFrom, rowsOf, wrongWith, type Printed } from './reading.ts';
import { refusal, StandIn, type Row, type Wire } from './stand-in.ts';
import type { Transcript } from '../support/transcript.ts';

/* One call for each of many parents, and what may go wrong with some of them. Issue 10, holes 3, 6, 7 and 16. */

const HISTORY = 'application.listHistory';

let ashby: StandIn;
beforeEach(async () => {
  ashby = await StandIn.start();
});
afterEach(() => ashby.stop());

/** Fills in so many applications, with two rows of history each. Returns their ids. */
function applications(count: number): string[] {
  const rows = rowsOf('application', count);
  ashby.put('application.list', rows);
  ashby.about(HISTORY, (parent) => rowsOf(parent, 2));
  return rows.map(({ id }) => String(id));
}

/** Reads the histories; `before` are the runs that came earlier, in their order. */
async function readHistories(...before: readonly { out: Transcript }[]): Promise<Printed> {
  const state = before.reduce<ReturnType<Transcript['states']>>((known, { out }) => out.states(known), []);
  ashby.calls.length = 0;
  return readFrom(ashby, { streams: ['application_history'], state });
}
const calls = (): number => ashby.asked(HISTORY).length;
const askedAbout = (): Set<string | undefined> => new Set(ashby.asked(HISTORY).map(({ parent }) => parent));

const broken: Wire = { status: 500, body: '' };

describe('hole 6: a parent that always fails', () => {
  test.each<[string, number[]]>([
    ['one in the middle', [166]],
    ['the first', [0]],
    ['the last', [399]],
    ['five, far apart', [3, 90, 200, 201, 399]],
  ])('%s of 400: all others come, the run says so, and the next one heals with few calls', async (_where, places) => {
    const ids = applications(400);
    const poisoned = places.map((place) => ids[place]);
    ashby.fault({ endpoint: HISTORY, when: ({ parent }) => poisoned.includes(parent), answer: () => broken });
    const first = await readHistories();
    expect(wrongWith(ashby, first, ['application_history'])).toEqual([]);
    expect(missingFrom(ashby, 'application_history', first)).toBe(2 * places.length);
    expect({ exitCode: first.exitCode, errors: first.out.errors().length }).toEqual({ exitCode: 1, errors: 1 });
    ashby.heal();
    const second = await readHistories(first);
    expect(calls()).toBeLessThanOrEqual(40);
    for (const id of poisoned) expect(askedAbout()).toContain(id);
    expect(wrongWith(ashby, second, ['application_history'], [first])).toEqual([]);
    expect(second.exitCode).toBe(0);
    const third = await readHistories(first, second);
    expect(calls()).toBe(0);
    expect(third.exitCode).toBe(0);
  });

  test.each<[string, Wire]>([
    ['an answer that is no JSON', { body: 'sorry' }],
    ['a code that nobody knows', refusal('something_new')],
    ['invalid_input', refusal('invalid_input', 'applicationId is strange')],
  ])('%s about one parent stops no other', async (_what, answer) => {
    const [, , poisoned] = applications(60);
    ashby.fault({ endpoint: HISTORY, when: ({ parent }) => parent === poisoned, answer: () => answer });
    const first = await readHistories();
    expect(wrongWith(ashby, first, ['application_history'])).toEqual([]);
    expect(missingFrom(ashby, 'application_history', first)).toBe(2);
    ashby.heal();
    const second = await readHistories(first);
    expect(calls()).toBeLessThanOrEqual(10);
    expect(wrongWith(ashby, second, ['application_history'], [first])).toEqual([]);
    expect(second.exitCode).toBe(0);
  });

  test('it is asked for in every run until it answers, before new parents, and costs no other parent a call', async () => {
    const ids = applications(120);
    const fault = { endpoint: HISTORY, when: ({ parent }: { parent: string | undefined }) => parent === ids[50] };
    ashby.fault({ ...fault, answer: () => broken });
    const runs = [await readHistories()];
    for (let run = 0; run < 2; run += 1) {
      const again = await readHistories(...runs);
      runs.push(again);
      expect(again.exitCode).toBe(1);
      expect(askedAbout()).toEqual(new Set([ids[50]]));
    }
    ashby.heal();
    ashby.put('application.list', rowsOf('newcomer', 30));
    const last = await readHistories(...runs);
    // Calls are made side by side, at most 24: among these it is.
    expect(
      ashby
        .asked(HISTORY)
        .slice(0, 24)
        .map(({ parent }) => parent),
    ).toContain(ids[50]);
    expect(calls()).toBe(31);
    expect(wrongWith(ashby, last, ['application_history'], runs)).toEqual([]);
    expect(last.exitCode).toBe(0);
  });

  test('where every parent fails the run ends, and the next one has every row', async () => {
    applications(400);
    ashby.fault({ endpoint: HISTORY, answer: () => broken });
    const first = await readHistories();
    expect({ exitCode: first.exitCode, rows: first.out.recordCounts() }).toEqual({ exitCode: 1, rows: {} });
    ashby.heal();
    const second = await readHistories(first);
    expect(wrongWith(ashby, second, ['application_history'], [first])).toEqual([]);
    expect(second.exitCode).toBe(0);
  });

  test('a missing permission is no matter of one parent: the fan-out ends at once', async () => {
    applications(400);
    ashby.fault({ endpoint: HISTORY, answer: () => refusal('missing_endpoint_permission') });
    const first = await readHistories();
    expect(first.exitCode).toBe(1);
    expect(calls()).toBeLessThanOrEqual(30);
    expect(first.out.errors()[0]?.failure_type).toBe('config_error');
  });
});

describe('hole 7: a fan-out that is longer than the life of a cursor', () => {
  const PARENTS = 1_500;
  const TWO_THIRDS = 1_000;

  test('killed at two thirds, cursors expired: the next run asks for the rest and little more', async () => {
    applications(PARENTS);
    const seen = new Set<unknown>();
    const killed = await readAsProcess(
      ashby,
      { streams: ['application_history'] },
      {
        killAt: (line) => {
          const { record } = JSON.parse(line) as { record?: { data: Row } };
          if (record) seen.add(record.data['applicationId']);
          return seen.size >= TWO_THIRDS;
        },
      },
    );
    expect(killed.signal).toBe('SIGKILL');
    ashby.expireCursors();
    const second = await readHistories(killed);
    expect(calls()).toBeLessThanOrEqual(PARENTS - TWO_THIRDS + PARENTS / 10);
    expect(missingFrom(ashby, 'application_history', killed, second)).toBe(0);
    expect(second.exitCode).toBe(0);
  });

  test.each([2, 7])(
    'cut off four times on the way (%i rows a parent), the runs together make few calls too many',
    async (rows) => {
      applications(PARENTS);
      ashby.about(HISTORY, (parent) => rowsOf(parent, rows));
      const runs: { out: Transcript }[] = [];
      let made = 0;
      for (let run = 0; run < 4; run += 1) {
        const { out } = await readHistories(...runs);
        // What this reader sees: the rows of 300 parents, and the states between them.
        let records = 0;
        const end = out.messages.findIndex(({ record }) => record !== undefined && ++records >= 300 * rows);
        runs.push({ out: out.first(end < 0 ? out.lines.length : end + 1) });
        made += 300;
        ashby.expireCursors();
      }
      const last = await readHistories(...runs);
      expect(made + calls()).toBeLessThanOrEqual(PARENTS * 1.4);
      expect(missingFrom(ashby, 'application_history', ...runs, last)).toBe(0);
      expect(last.exitCode).toBe(0);
    },
  );

  test('what changes between a kill and the next run is not lost', async () => {
    const ids = applications(PARENTS);
    const whole = await readHistories();
    const killed = { out: whole.out.first(Math.floor(whole.out.lines.length * (2 / 3))) };
    ashby.expireCursors();
    const changed = ids.filter((_id, place) => place % 100 === 0);
    ashby.put(
      'application.list',
      changed.map((id) => ({ id, name: 'changed' })),
    );
    ashby.about(HISTORY, (parent) => rowsOf(parent, 2, () => (changed.includes(parent) ? { changed: true } : {})));
    const second = await readHistories(killed);
    const third = await readHistories(killed, second);
    expect(missingFrom(ashby, 'application_history', killed, second, third)).toBe(0);
    const fourth = await readHistories(killed, second, third);
    expect({ calls: calls(), rows: fourth.out.recordCounts() }).toEqual({ calls: 0, rows: {} });
  });

  test('the state stays small however many parents are done', async () => {
    const sizes: number[] = [];
    for (const count of [100, PARENTS]) {
      const own = await StandIn.start();
      own.put('application.list', rowsOf('application', count));
      own.about(HISTORY, (parent) => rowsOf(parent, 2));
      const { out } = await readFrom(own, { streams: ['application_history'] });
      await own.stop();
      sizes.push(Math.max(...out.statesOf('application_history').map((state) => JSON.stringify(state).length)));
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_500);
  });
});

describe('hole 16: Ashby has nothing about a parent', () => {
  const gone = refusal('application_not_found');

  test('once: it is asked again in the next run, once, and its rows come', async () => {
    const ids = applications(40);
    ashby.fault({ endpoint: HISTORY, when: ({ parent }) => parent === ids[7], answer: () => gone });
    const first = await readHistories();
    expect(missingFrom(ashby, 'application_history', first)).toBe(2);
    ashby.heal();
    const second = await readHistories(first);
    expect(ashby.asked(HISTORY).map(({ parent }) => parent)).toEqual([ids[7]]);
    expect(missingFrom(ashby, 'application_history', first, second)).toBe(0);
    expect(second.exitCode).toBe(0);
    const third = await readHistories(first, second);
    expect({ calls: calls(), rows: third.out.recordCounts() }).toEqual({ calls: 0, rows: {} });
  });

  test('twice: it is let go', async () => {
    const ids = applications(40);
    ashby.fault({ endpoint: HISTORY, when: ({ parent }) => parent === ids[7], answer: () => gone });
    const first = await readHistories();
    const second = await readHistories(first);
    expect(ashby.asked(HISTORY).map(({ parent }) => parent)).toEqual([ids[7]]);
    expect(second.exitCode).toBe(0);
    const third = await readHistories(first, second);
    expect({ calls: calls(), exitCode: third.exitCode }).toEqual({ calls: 0, exitCode: 0 });
  });

  test('a whole permission that was taken and came back: all rows come in the next run', async () => {
    applications(60);
    ashby.fault({ endpoint: HISTORY, answer: () => gone });
    const first = await readHistories();
    ashby.heal();
    const second = await readHistories(first);
    expect(missingFrom(ashby, 'application_history', first, second)).toBe(0);
    expect(second.exitCode).toBe(0);
  });
});

describe('hole 3: details that were asked for in a shortened form', () => {
  const INFO = 'jobPosting.info';
  const NEW = 'includeUnpublishedJobPostings';

  /** Forty postings, of which six are drafts: they answer only to the new parameter. */
  function postings(): void {
    const rows = rowsOf('posting', 40, (n) => ({
      updatedAt: `2026-10-${String((n % 28) + 1).padStart(2, '0')}T00:00:00.000Z`,
    }));
    ashby.put('jobPosting.list', rows);
    ashby.about(INFO, (parent) => ({ id: parent, description: 'whole' }));
    const drafts = new Set(rows.filter((_row, n) => n % 7 === 3).map(({ id }) => id));
    ashby.fault({
      endpoint: INFO,
      when: ({ parent, body }) => drafts.has(parent) && body[NEW] !== true,
      answer: () => refusal('job_posting_not_found'),
    });
  }
  const refuse = (times: number): void => {
    const when = ({ body }: { body: Row }): boolean => NEW in body;
    ashby.faults.unshift({ endpoint: INFO, when, times, answer: () => refusal('invalid_input', `${NEW} is unknown`) });
  };
  async function readDetails(...before: Printed[]): Promise<Printed> {
    const state = before.reduce<ReturnType<Transcript['states']>>((known, { out }) => out.states(known), []);
    ashby.calls.length = 0;
    return readFrom(ashby, { streams: ['job_posting_details'], state });
  }

  test('a parameter that is refused once: the missing details come at the latest in the next run', async () => {
    postings();
    refuse(1);
    const first = await readDetails();
    expect(first.out.rows('job_posting_details').length).toBeGreaterThanOrEqual(34);
    const second = await readDetails(first);
    expect(missingFrom(ashby, 'job_posting_details', first, second)).toBe(0);
    expect(second.exitCode).toBe(0);
    const third = await readDetails(first, second);
    expect({ calls: ashby.asked(INFO).length, exitCode: third.exitCode }).toEqual({ calls: 0, exitCode: 0 });
  });

  test('a parameter that is refused for several runs: nothing counts as done until it was asked in full', async () => {
    postings();
    refuse(Infinity);
    const runs = [await readDetails()];
    for (let run = 0; run < 2; run += 1) runs.push(await readDetails(...runs));
    ashby.faults.shift();
    const last = await readDetails(...runs);
    expect(missingFrom(ashby, 'job_posting_details', ...runs, last)).toBe(0);
    expect(last.exitCode).toBe(0);
    expect(new Set(ashby.asked(INFO).map(({ parent }) => parent)).size).toBe(40);
  });
});
