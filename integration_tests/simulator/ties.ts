/** Which rows go with which: an application with its candidate, an offer with its application, and so on. */

import type { Data } from './data/index.ts';
import type { TableName } from './tables.ts';

/** Rows by table. */
export type Rows = Map<TableName, Set<number>>;
type Up = (row: number) => readonly [TableName, number] | undefined;

export type Ties = ReturnType<typeof makeTies>;

export function makeTies(data: Data) {
  const { world, applications, interviews, extras, jobs } = data;
  const ofApplication =
    (application: (n: number) => number): Up =>
    (n) => ['application', application(n)];
  /** What a row cannot be without; a table comes after those that its rows hang on. */
  const belongs: readonly (readonly [TableName, Up])[] = [
    ['application', (a) => ['candidate', applications.candidateOf(a)]],
    ['offer', ofApplication(interviews.offerApplication)],
    ['interviewSchedule', ofApplication(interviews.scheduleApplication)],
    ['applicationFeedback', ofApplication(interviews.feedbackApplication)],
    ['surveyRequest', ofApplication(extras.requestApplication)],
    ['surveySubmission', ofApplication(extras.submissionApplication)],
    ['takeHomeAssignment', ofApplication(extras.takeHomeApplication)],
    ['referral', ofApplication(extras.referralApplication)],
    ['sequence', (n) => ['candidate', extras.sequenceCandidate(n)]],
    [
      'approval',
      (n) =>
        interviews.approvalEntity(n) === 'offer'
          ? ['offer', world.index('offer', interviews.approvalEntityId(n))]
          : undefined,
    ],
  ];
  /** What a confidential job hides beside itself. */
  const secret: readonly (readonly [TableName, Up])[] = [
    ['application', (a) => ['job', applications.jobOf(a)]],
    ['jobPosting', (p) => ['job', jobs.postingJobOf(p)]],
  ];

  /** Adds to `rows` every living row that hangs on one of them. */
  const spread = (rows: Rows, ties: readonly (readonly [TableName, Up])[]): Rows => {
    for (const [table, up] of ties) {
      const state = world.state(table);
      const found = rows.get(table) ?? new Set<number>();
      for (let n = 0; n < state.size; n++) {
        if (!state.exists(n)) continue;
        const above = up(n);
        if (above && rows.get(above[0])?.has(above[1])) found.add(n);
      }
      if (found.size > 0) rows.set(table, found);
    }
    return rows;
  };

  /** Candidates all of whose applications are among the rows. */
  const onlyThere = (rows: Rows): Set<number> => {
    const hidden = rows.get('application') ?? new Set<number>();
    const found = new Set([...hidden].map((a) => applications.candidateOf(a)));
    const state = world.state('application');
    for (let a = 0; a < state.size; a++)
      if (state.exists(a) && !hidden.has(a)) found.delete(applications.candidateOf(a));
    return found;
  };

  return {
    /** The rows and all that is deleted with them. */
    goneWith: (table: TableName, rows: readonly number[]): Rows => spread(new Map([[table, new Set(rows)]]), belongs),
    /** The rows and all that a key loses sight of with them. */
    hiddenWith: (roots: Rows): Rows => {
      const rows: Rows = new Map([...roots].map(([table, some]) => [table, new Set(some)]));
      spread(rows, secret);
      const candidates = onlyThere(rows);
      if (candidates.size > 0) rows.set('candidate', new Set([...(rows.get('candidate') ?? []), ...candidates]));
      return spread(rows, belongs);
    },
    /** Whether what a row hangs on is still there. */
    rooted: (table: TableName, row: number): boolean => {
      const above = belongs.find(([name]) => name === table)?.[1](row);
      return above === undefined || world.state(above[0]).exists(above[1]);
    },
  };
}
