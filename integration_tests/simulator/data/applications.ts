/** Applications and their children. Links: candidate, job, stage, source, tracking link, credited user, openings. */

import { iso, roll, END_MS, type World } from '../world.ts';
import { STAGES, awkward, word } from '../words.ts';
import type { Row } from '../types.ts';
import type { Jobs } from './jobs.ts';
import { fieldOf, fieldTitle, type Parts } from './parts.ts';
import { candidateEmail, candidateName } from './names.ts';
import { archiveReasonJson } from './config.ts';

const DAY_MS = 86_400_000;
/** The number field that counts an application's changes. */
const COUNTER = fieldOf('Application', 4);
export type Status = 'Active' | 'Archived' | 'Hired' | 'Lead';
export type Applications = ReturnType<typeof makeApplications>;

export function makeApplications(world: World, parts: Parts, jobs: Jobs) {
  const total = world.size('application');
  const candidates = world.size('candidate');
  /** A few candidates have no application. */
  const applicants = Math.max(1, Math.ceil(candidates * 0.96));

  /** Whose application it was when it was made. */
  const applicantOf = (a: number): number =>
    a < total ? Math.floor((a * applicants) / total) : world.base('application', a) % candidates;
  const candidateOf = (a: number): number => world.survivor(applicantOf(a));
  /** Applications of a candidate: from inclusive, to exclusive. Inserted ones are not counted. */
  const ofCandidate = (c: number): [number, number] =>
    c >= applicants
      ? [0, 0]
      : [Math.ceil((c * total) / applicants), Math.min(total, Math.ceil(((c + 1) * total) / applicants))];

  const statusOf = (a: number): Status => {
    const r = roll(world.base('application', a), 1) % 100;
    return r < 30 ? 'Active' : r < 85 ? 'Archived' : r < 92 ? 'Hired' : 'Lead';
  };
  const jobOf = (a: number): number => jobs.openable(world.pick('job', roll(world.base('application', a), 2)));
  /** Index into STAGES where the application stands. */
  const stageOf = (a: number): number => {
    const status = statusOf(a);
    if (status === 'Lead') return 0;
    if (status === 'Hired') return 6;
    return status === 'Archived' ? 7 : 1 + (roll(world.base('application', a), 3) % 5);
  };
  /** The tracking link that an application came through, or -1. */
  const linkOf = (a: number): number => {
    const r = roll(world.base('application', a), 4);
    return r % 100 < 22 ? world.pick('sourceTrackingLink', r >>> 8) : -1;
  };
  const sourceOf = (a: number): number => {
    const link = linkOf(a);
    if (link >= 0) return parts.linkSource(link);
    const r = roll(world.base('application', a), 5);
    const plain = Math.max(1, world.size('source') - 6);
    return r % 20 === 0 ? -1 : Math.min(world.size('source') - 1, 6 + ((r >>> 6) % plain));
  };
  const creditOf = (a: number): number => {
    const link = linkOf(a);
    if (link >= 0) return parts.linkCredit(link);
    const r = roll(world.base('application', a), 6);
    return r % 3 ? -1 : world.pick('user', r >>> 4);
  };
  const createdMs = (a: number): number => {
    const own = world.createdMs('application', a);
    if (own > END_MS) return own;
    const candidate = world.createdMs('candidate', applicantOf(a));
    return Math.min(END_MS, candidate + (roll(world.base('application', a), 7) % (90 * DAY_MS)));
  };
  const updatedMs = (a: number, version: number): number =>
    version > 0
      ? world.updatedMs('application', a, version)
      : world.laterMs(createdMs(a), roll(world.base('application', a), 8), 100);

  const json = (a: number, version: number, expandOpenings: boolean): string => {
    const b = world.base('application', a);
    const r = roll(b, 9);
    const c = candidateOf(a);
    const job = jobOf(a);
    const status = statusOf(a);
    const updated = updatedMs(a, version);
    let s = `{"id":"${world.id('application', a)}","createdAt":"${iso(createdMs(a))}","updatedAt":"${iso(updated)}","status":"${status}"`;
    if (version > 0)
      s += `,"customFields":[{"id":"${world.id('customField', COUNTER)}","isPrivate":false,"title":"${fieldTitle(COUNTER)}","value":${version}}]`;
    else if (r % 5) s += `,"customFields":${parts.fieldPoolJson('Application', r)}`;
    s += `,"candidate":{"id":"${world.id('candidate', c)}","name":${JSON.stringify(candidateName(world, c))}`;
    if (r % 11) s += `,"primaryEmailAddress":{"value":"${candidateEmail(c)}","type":"Personal","isPrimary":true}`;
    if (r % 3 === 1)
      s += `,"primaryPhoneNumber":{"value":"+1555${1000000 + (c % 9000000)}","type":"Work","isPrimary":true}`;
    s += `},"currentInterviewStage":${parts.stageJson(parts.stageIndex(jobs.planOf(job), stageOf(a)))}`;
    const source = sourceOf(a);
    s += source >= 0 ? `,"source":${parts.sourceJson(source)}` : r % 2 ? ',"source":null' : '';
    if (status === 'Archived')
      s += `,"archiveReason":${archiveReasonJson(world, parts, roll(b, 10))},"archivedAt":"${iso(updated)}"`;
    else if (r % 2) s += ',"archiveReason":null';
    s += `,"job":${jobs.embeddedJson(job)}`;
    const credited = creditOf(a);
    s += credited >= 0 ? `,"creditedToUser":${parts.userJson(credited)}` : r % 4 === 1 ? ',"creditedToUser":null' : '';
    s += `,"hiringTeam":${jobs.teamJson(job)}`;
    if (linkOf(a) >= 0 || r % 2) s += `,"appliedViaJobPostingId":"${jobs.postingIdOf(job)}"`;
    if (r % 4 === 0) s += `,"submitterClientIp":"198.51.100.${r % 256}"`;
    if (r % 4 === 0) s += `,"submitterUserAgent":"ExampleBrowser/${r % 20}.0"`;
    if (expandOpenings) s += `,"openings":${jobs.openingsJson(job)}`;
    return s + '}';
  };

  const historyCount = (a: number, version: number): number =>
    Math.min(7, (roll(world.base('application', a), 11) % 5) + Math.min(version, 3));
  const history = (a: number, k: number, version: number): Row => {
    const index = a * 8 + k;
    const b = world.base('history', index);
    const entered = createdMs(a) + k * 5 * DAY_MS;
    const stage = parts.stageIndex(jobs.planOf(jobOf(a)), Math.min(k, STAGES.length - 1));
    const last = k === historyCount(a, version) - 1;
    return {
      id: world.id('history', index),
      stageId: world.id('interviewStage', stage),
      title: STAGES[Math.min(k, 7)]?.[0] ?? '',
      enteredStageAt: iso(entered),
      ...(last ? (b % 2 ? { leftStageAt: null } : {}) : { leftStageAt: iso(entered + 5 * DAY_MS) }),
      stageNumber: k,
      allowedActions: k === 0 ? ['none'] : last ? ['delete', 'set_entered_at'] : ['set_entered_at'],
      ...(b % 3 ? { actorId: world.pickId('user', b >>> 3) } : {}),
    };
  };

  const evaluationCount = (a: number): number =>
    stageOf(a) === 1
      ? 2 + (roll(world.base('application', a), 12) % 2)
      : roll(world.base('application', a), 12) % 7 === 0
        ? 1
        : 0;
  const evaluation = (a: number, k: number): Row => {
    const b = world.base('evaluation', a * 8 + k);
    const status = word(['Completed', 'Pending', 'Failed', 'Skipped', 'Completed'], b);
    const done = status === 'Completed';
    return {
      id: world.id('evaluation', a * 8 + k),
      criterion: {
        id: world.id('criterion', jobOf(a) * 4 + k),
        title: `Criterion ${k + 1}`,
        type: word(['ResumePrompt', 'DidAnswerApplicationFormQuestion', 'SimilarityToAiGeneratedAnswer'], k),
        prompt: 'Has worked with spreadsheets.',
        applicationFormDefinitionId: k ? world.id('definition', jobOf(a)) : null,
        applicationFormFieldPath: k ? 'field_0_0' : null,
      },
      status,
      outcome: done ? word(['Meets', 'DoesNotMeet', 'Unclear'], b >>> 4) : null,
      reasoning: done ? (awkward(roll(b, 1)) ?? 'The text says so.') : null,
      skipReason: status === 'Skipped' ? 'NoResume' : null,
      outcomeNumber: done && b % 2 ? (b % 100) / 100 : null,
      evaluatedAt: done ? iso(world.laterMs(createdMs(a), b, 10)) : null,
    };
  };

  /** application.info: the list row with history, form submissions, referrals and the resume. */
  const detail = (a: number, version: number, expand: readonly unknown[]): Row => {
    const b = world.base('application', a);
    const row = JSON.parse(json(a, version, expand.includes('openings'))) as Row;
    row['applicationHistory'] = Array.from({ length: historyCount(a, version) }, (_, k) => history(a, k, version));
    if (expand.includes('applicationFormSubmissions')) {
      row['applicationFormSubmissions'] = Array.from({ length: b % 3 }, (_, k) => ({
        id: world.id('formSubmission', a * 4 + k),
        formDefinition: parts.form(k),
        submittedValues: parts.answers(k, roll(b, 50 + k)),
      }));
    }
    if (expand.includes('referrals')) {
      row['referrals'] =
        b % 5 === 0 ? [{ user: parts.user(world.pick('user', b)), referredAt: iso(createdMs(a)) }] : [];
    }
    if (b % 3) row['resumeFileHandle'] = parts.file(2, a, 0);
    return row;
  };

  return {
    candidateOf,
    ofCandidate,
    statusOf,
    jobOf,
    stageOf,
    linkOf,
    sourceOf,
    creditOf,
    createdMs,
    updatedMs,
    json,
    historyCount,
    history,
    evaluationCount,
    evaluation,
    detail,
  };
}
