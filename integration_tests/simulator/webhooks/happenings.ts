/** Which webhooks fire when rows are made, changed and deleted from outside, and what they carry. */

import type { Row } from '../types.ts';

export type Happening = 'inserted' | 'changed' | 'removed';

interface Said {
  action: string;
  data(row: Row): unknown;
}

const whole =
  (name: string) =>
  (row: Row): unknown => ({ [name]: row });
const part =
  (name: string, ...fields: readonly string[]) =>
  (row: Row): unknown => ({ [name]: Object.fromEntries(fields.map((field) => [field, row[field]])) });

/** By list. What is missing here fires nothing in Ashby either: nothing tells of deleted applications. */
const EVENTS: Readonly<Record<string, Partial<Record<Happening, Said>>>> = {
  'application.list': {
    inserted: { action: 'applicationSubmit', data: whole('application') },
    changed: { action: 'applicationUpdate', data: whole('application') },
  },
  'candidate.list': { removed: { action: 'candidateDelete', data: part('candidate', 'id') } },
  'interviewSchedule.list': {
    inserted: { action: 'interviewScheduleCreate', data: whole('interviewSchedule') },
    changed: { action: 'interviewScheduleUpdate', data: whole('interviewSchedule') },
  },
  'job.list': {
    inserted: { action: 'jobCreate', data: whole('job') },
    changed: { action: 'jobUpdate', data: whole('job') },
  },
  'jobPosting.list': {
    changed: { action: 'jobPostingUpdate', data: whole('jobPosting') },
    removed: { action: 'jobPostingDelete', data: part('jobPosting', 'id', 'jobId') },
  },
  'offer.list': {
    inserted: { action: 'offerCreate', data: whole('offer') },
    changed: { action: 'offerUpdate', data: whole('offer') },
    removed: { action: 'offerDelete', data: part('offer', 'id', 'applicationId') },
  },
  'opening.list': { inserted: { action: 'openingCreate', data: whole('opening') } },
};

/** The event of what happened to a row; undefined where Ashby sends none. */
export function eventOf(
  endpoint: string,
  happening: Happening,
  row: Row,
): { action: string; data: unknown } | undefined {
  const said = EVENTS[endpoint]?.[happening];
  return said && { action: said.action, data: said.data(row) };
}
