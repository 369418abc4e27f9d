/**
 * The data that release 0.1.0 was run against to print states-0.1.0.json. Nothing here may change: the cursors and
 * tokens in that file count on it.
 */

import { rowsOf } from './reading.ts';
import type { Row, StandIn } from './stand-in.ts';

export const CANDIDATES = 1_250;
export const APPLICATIONS = 800;
export const POSTINGS = 40;
export const ENTRIES = 30;
export const SURVEY_TYPES = ['CandidateExperience', 'Questionnaire', 'HiringManagerExperience'];
/** When the states were printed: the audit log has entries of the hours before. */
export const PRINTED_AT = Date.UTC(2026, 10, 24, 12);

const dated = (n: number): Row => ({ updatedAt: `2026-10-${String((n % 28) + 1).padStart(2, '0')}T00:00:00.000Z` });

/** What was there when the first run began. */
export function fill(ashby: StandIn): void {
  ashby.put('candidate.list', rowsOf('candidate', CANDIDATES));
  ashby.put('application.list', rowsOf('application', APPLICATIONS));
  ashby.about('application.listHistory', (parent) => rowsOf(parent, 2));
  ashby.put('jobPosting.list', rowsOf('posting', POSTINGS, dated));
  ashby.about('jobPosting.info', (parent) => ({ id: parent, description: 'long' }));
  ashby.put('source.list', rowsOf('source', 12));
  const submissions = rowsOf('submission', 30, (n) => ({ surveyType: SURVEY_TYPES[n % 3] }));
  ashby.put('surveySubmission.list', submissions);
  const hour = (n: number): Row => ({ timestamp: new Date(PRINTED_AT - (n + 1) * 1_800_000).toISOString() });
  ashby.put('auditLog.list', rowsOf('entry', ENTRIES, hour));
}

/** What had changed when the second run began: all candidates and all applications. */
export function change(ashby: StandIn): void {
  const changed = (): Row => ({ changed: true });
  ashby.put('candidate.list', rowsOf('candidate', CANDIDATES, changed));
  ashby.put('application.list', rowsOf('application', APPLICATIONS, changed));
}
