/**
 * What can happen to an account, to the way to it, and to the connector that follows it, as plain data: fast-check
 * makes it up, shrinks what fails, and prints it so that it can be kept as a test.
 */

import fc from 'fast-check';
import { FAULT_CATALOGUE, type CatalogueEntry } from '../simulator/fault-catalogue.ts';

/** Small, yet with a list of three pages and every kind of source. */
export const TABLES = {
  'candidateTag.list': 203,
  'candidate.list': 7,
  'application.list': 9,
  'offer.list': 14,
  'interviewSchedule.list': 14,
  'surveySubmission.list': 12,
  'jobPosting.list': 5,
  'auditLog.list': 24,
} as const;

/** Streams that are read beside each other; each group has its endpoints. */
export const GROUPS = [
  { streams: ['candidate_tags', 'hiring_team_roles'], lists: ['candidateTag.list'] },
  { streams: ['offers', 'offer_details'], lists: ['offer.list'] },
  { streams: ['candidate_notes', 'candidate_projects'], lists: ['candidate.list'] },
  { streams: ['applications', 'application_history'], lists: ['application.list'] },
  { streams: ['interview_schedules', 'interview_events'], lists: ['interviewSchedule.list'] },
  { streams: ['survey_submissions'], lists: ['surveySubmission.list'] },
  { streams: ['job_postings', 'job_posting_details'], lists: ['jobPosting.list'] },
  { streams: ['audit_log'], lists: ['auditLog.list'] },
] as const;

const ENDPOINTS = [
  ...Object.keys(TABLES),
  'offer.info',
  'candidate.listNotes',
  'candidate.listProjects',
  'application.listHistory',
  'jobPosting.info',
  'hiringTeamRole.list',
];

/**
 * Faults that a schedule may hold. Left out: what costs a time-out of real time or megabytes, the values (they change
 * rows, so that nothing could be compared), and `resource_not_found`: said in two runs, it means that the row is gone.
 */
export const FAULTS: readonly CatalogueEntry[] = FAULT_CATALOGUE.filter(
  ({ group, name, slow, effect }) =>
    group !== 'values' &&
    !slow &&
    effect.kind !== 'padded' &&
    effect.kind !== 'slow' &&
    effect.kind !== 'drip' &&
    !name.startsWith('resource_not_found'),
);

export interface Strike {
  /** A name in the catalogue. */
  fault: string;
  /** Undefined: any. */
  endpoint: string | undefined;
  nth: number;
  /** 0 stands for always: JSON has no Infinity. */
  times: number;
}

/** Something that happens while a run is printing, at its n-th line. */
export interface Moment {
  at: number;
  do: 'stop' | 'change' | 'insert' | 'expireTokens' | 'expireCursors';
}

export type Step =
  | { do: 'change' | 'insert'; list: keyof typeof TABLES; count: number }
  | { do: 'expireTokens' | 'expireCursors' }
  | {
      do: 'run';
      /** Groups that are left out of this run, as bits. */
      without: number;
      strikes: Strike[];
      moments: Moment[];
      /** How many thousandths of the output reach the reader; what follows is lost with the process. 1000: all. */
      seen: number;
      /** How many thousandths of what was seen the platform's state goes back to; 1000: the last state that was seen. */
      state: number;
    };

export interface Schedule {
  /** Groups that are followed, as bits; 0 stands for the first. */
  groups: number;
  /** Milliseconds that each look at the clock takes: a slow account has states in the middle of its lists. */
  paceMs: number;
  /** Pages that a pass from a token may take before Ashby refuses it. */
  maxPages: number;
  steps: Step[];
}

const list = fc.constantFrom(...(Object.keys(TABLES) as (keyof typeof TABLES)[]));

const strike: fc.Arbitrary<Strike> = fc.record({
  fault: fc.constantFrom(...FAULTS.map(({ name }) => name)),
  endpoint: fc.option(fc.constantFrom(...ENDPOINTS), { nil: undefined, freq: 6 }),
  nth: fc.integer({ min: 1, max: 6 }),
  times: fc.constantFrom(1, 1, 1, 2, 5, 0),
});

const moment: fc.Arbitrary<Moment> = fc.record({
  at: fc.integer({ min: 1, max: 400 }),
  do: fc.constantFrom('stop', 'stop', 'change', 'insert', 'expireTokens', 'expireCursors'),
});

const share = fc.oneof({ weight: 3, arbitrary: fc.constant(1000) }, { weight: 4, arbitrary: fc.nat(1000) });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('change' as const), list, count: fc.integer({ min: 1, max: 140 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('insert' as const), list, count: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('expireTokens' as const, 'expireCursors' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      without: fc.nat(2 ** GROUPS.length - 1),
      strikes: fc.array(strike, { maxLength: 3 }),
      moments: fc.array(moment, { maxLength: 2 }),
      seen: share,
      state: share,
    }),
  },
);

export const schedule: fc.Arbitrary<Schedule> = fc.record({
  groups: fc.integer({ min: 1, max: 2 ** GROUPS.length - 1 }),
  paceMs: fc.constantFrom(0, 2_000, 31_000),
  maxPages: fc.constantFrom(200, 200, 1),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
});
