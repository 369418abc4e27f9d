/** Interviews, schedules, events, feedback, offers, approvals and what follows from them. */

import { day, iso, roll, END_MS, type World } from '../world.ts';
import { word } from '../words.ts';
import type { Row } from '../types.ts';
import type { Applications } from './applications.ts';
import { chance } from './arrivals.ts';
import type { Config } from './config.ts';
import { mark, type Jobs } from './jobs.ts';
import type { Parts } from './parts.ts';
import type { Visit } from './stories.ts';

const DAY_MS = 86_400_000;
const STATUSES = [
  'Complete',
  'NeedsScheduling',
  'WaitingOnCandidateBooking',
  'WaitingOnCandidateAvailability',
  'CandidateAvailabilitySubmitted',
  'Scheduled',
  'WaitingOnFeedback',
  'Complete',
  'Cancelled',
  'OnHold',
  'Unknown',
  'Complete',
];
const INTERVIEW_TYPES = ['Interview', 'Assessment', 'InterviewWithoutSchedule', 'TakeHome', 'Debrief'];
const OFFER_STATES: Record<string, readonly [string, string][]> = {
  Hired: [['Accepted', 'CandidateAccepted']],
  Archived: [
    ['Declined', 'CandidateRejected'],
    ['Cancelled', 'OfferCancelled'],
  ],
  Active: [
    ['WaitingOnResponse', 'WaitingOnCandidateResponse'],
    ['Pending', 'WaitingOnOfferApproval'],
    ['Pending', 'WaitingOnApprovalDefinition'],
  ],
  Lead: [
    ['Created', 'WaitingOnApprovalStart'],
    ['Created', 'WaitingOnOfferCreation'],
  ],
};

export function makeInterviews(world: World, parts: Parts, jobs: Jobs, applications: Applications, config: Config) {
  const { spread, scheduleApplication, offerApplication } = applications.arrivals;

  /** Job-specific interviews are the ones that are not shared. */
  const isShared = (i: number): boolean => i < 24;
  const interview = (i: number, version: number, typed = true): Row => ({
    id: world.id('interview', i),
    title: mark(isShared(i) ? `Interview ${i + 1}` : `${jobs.titleOf(i % world.size('job'))} interview`, version),
    ...(i % 3 === 2 ? {} : { externalTitle: i % 3 ? null : 'Conversation' }),
    isArchived: i % 8 === 5,
    ...(i % 5 === 4 ? {} : { isDebrief: i % 5 === 3 }),
    isFeedbackRequired: i % 2 === 0,
    ...(i % 4 === 3 ? {} : { isFeedbackRequested: true }),
    ...(i % 3
      ? { instructionsHtml: '<p>Ask about the past.</p>', instructionsPlain: 'Ask about the past.' }
      : { instructionsPlain: null }),
    ...(isShared(i) ? {} : { jobId: world.id('job', i % world.size('job')) }),
    feedbackFormDefinitionId: world.pickId('feedbackFormDefinition', i),
    ...(typed && i % 6 !== 5 ? { type: word(INTERVIEW_TYPES, i) } : {}),
  });

  /** The stay in a stage during which a schedule was made, as a place in the application's history. */
  const visitOfSchedule = (s: number): number => {
    const a = scheduleApplication(s);
    const visits = applications.stories.visitsOf(a, 0);
    const fitting = visits.flatMap(({ stage }, k) => (stage >= 2 && stage <= 4 ? [k] : []));
    return fitting.length > 0 ? word(fitting, roll(world.base('interviewSchedule', s), 5)) : visits.length - 1;
  };
  const visitMs = (s: number): [enteredMs: number, lastsMs: number] => {
    const { enteredMs, leftMs } = applications.stories.visitsOf(scheduleApplication(s), 0)[visitOfSchedule(s)] as Visit;
    return [enteredMs, Math.min(21 * DAY_MS, (leftMs ?? Math.max(END_MS, enteredMs)) - enteredMs)];
  };
  const scheduleCreatedMs = (s: number): number => {
    if (s >= world.size('interviewSchedule')) return world.createdMs('interviewSchedule', s);
    const [enteredMs, lastsMs] = visitMs(s);
    return enteredMs + Math.floor(lastsMs * 0.3 * chance(world.base('interviewSchedule', s), 1));
  };
  const eventCount = (s: number): number => roll(world.base('interviewSchedule', s), 2) % 4;
  const hasTranscript = (e: number): boolean => e % 3 === 0;
  const eventStartMs = (s: number, k: number): number => {
    const created = scheduleCreatedMs(s);
    const [enteredMs, lastsMs] = visitMs(s);
    const roomMs = Math.max(0, enteredMs + lastsMs - created - 3_600_000);
    return Math.floor((created + ((1 + k) / 5) * roomMs) / 1_800_000) * 1_800_000;
  };
  /** Few people do much of the interviewing. */
  const interviewersOf = (e: number): number[] => {
    const b = world.base('interviewEvent', e);
    const users = world.size('user');
    const pick = (n: number): number => Math.min(users - 1, Math.floor(chance(b, 20 + n) ** 2.2 * users));
    return [...new Set(Array.from({ length: 1 + (b % 2) }, (_, n) => pick(n)))];
  };
  const event = (s: number, k: number, withInterview: boolean): Row => {
    const e = s * 4 + k;
    const b = world.base('interviewEvent', e);
    const created = scheduleCreatedMs(s);
    const start = eventStartMs(s, k);
    const interviewers = interviewersOf(e);
    const i = world.pick('interview', roll(b, 9));
    const id = world.id('interviewEvent', e);
    const row: Row = {
      id,
      interviewId: world.id('interview', i),
      interviewScheduleId: world.id('interviewSchedule', s),
      interviewerUserIds: interviewers.map((u) => world.id('user', u)),
      interviewers: interviewers.map((u, n) => ({
        ...parts.user(u),
        trainingRole: n && b % 3 === 0 ? word(['Shadow', 'Reverse-Shadow'], b >>> 4) : null,
        interviewerPool: (b >>> 3) % 3 ? config.pool(world.pick('interviewerPool', b >>> 6), 0, true) : null,
        isFeedbackRequired: n === 0,
      })),
      createdAt: iso(created),
      updatedAt: iso(world.laterMs(created, b, 20)),
      startTime: iso(start),
      endTime: iso(start + 2_700_000),
      feedbackLink: `https://app.example.com/interview-briefings/${id}/feedback`,
      hasSubmittedFeedback: b % 2 === 0,
    };
    if (b % 3) row['location'] = b % 3 === 1 ? null : 'Room 5';
    if (b % 4) row['meetingLink'] = b % 4 === 1 ? null : `https://meet.example.com/${id}`;
    if (b % 5) row['interviewerCalendarEventId'] = b % 5 === 1 ? null : `calendar-${e}`;
    if (withInterview) row['interview'] = interview(i, 0, false);
    if (hasTranscript(e)) row['notetakerTranscriptId'] = world.id('transcript', e);
    else if (b % 2) row['notetakerTranscriptId'] = null;
    if (b % 6 === 0) row['extraData'] = { room: 'A' };
    return row;
  };
  const schedule = (s: number, version: number): Row => {
    const b = world.base('interviewSchedule', s);
    const a = scheduleApplication(s);
    const created = scheduleCreatedMs(s);
    return {
      id: world.id('interviewSchedule', s),
      status: word(STATUSES, roll(b, 3) + version),
      applicationId: world.id('application', a),
      interviewStageId: world.id('interviewStage', stageOfSchedule(s)),
      ...(b % 4 ? { scheduledBy: parts.user(world.pick('user', roll(b, 4))) } : {}),
      createdAt: iso(created),
      updatedAt: iso(version ? world.updatedMs('interviewSchedule', s, version) : world.laterMs(created, b, 30)),
      interviewEvents: Array.from({ length: eventCount(s) }, (_, k) => event(s, k, b % 5 === 0)),
    };
  };
  const stageOfSchedule = (s: number): number => {
    const { plan, stage } = applications.stories.visitsOf(scheduleApplication(s), 0)[visitOfSchedule(s)] as Visit;
    return parts.stageIndex(plan, stage);
  };

  const transcriptEvent = (id: string): number => {
    const e = world.index('transcript', id);
    return e >= 0 && hasTranscript(e) && e % 4 < eventCount(Math.floor(e / 4)) ? e : -1;
  };
  const transcriptExpired = (e: number): boolean => world.base('transcript', e) % 10 === 0;
  const transcript = (e: number): Row => {
    const s = Math.floor(e / 4);
    const id = world.id('transcript', e);
    const candidate = applications.candidateOf(scheduleApplication(s));
    return {
      id,
      interviewEventId: world.id('interviewEvent', e),
      interviewScheduleId: e % 2 ? null : world.id('interviewSchedule', s),
      createdAt: iso(scheduleCreatedMs(s) + 3 * DAY_MS),
      participants: [
        {
          id: world.id('participant', e * 2),
          type: 'interviewer',
          name: 'Interviewer',
          email: `user${e % 7}@example.com`,
        },
        { id: world.id('participant', e * 2 + 1), type: 'candidate', name: `Candidate ${candidate}`, email: null },
      ],
      transcriptUrl: `https://files.example.com/transcripts/${id}.json?X-Amz-Expires=300&X-Amz-Signature=made-up-${e}`,
    };
  };

  /** Scorecards are about people who were interviewed. */
  const feedbackSchedule = (f: number): number => {
    const [schedules, count] = [world.size('interviewSchedule'), world.size('applicationFeedback')];
    return f < count ? Math.floor((f * schedules) / count) : f % schedules;
  };
  const feedbackApplication = (f: number): number => scheduleApplication(feedbackSchedule(f));
  /** The interview that a scorecard came after: the schedule's events in turn, an interviewer each. */
  const feedbackSeat = (f: number): { k: number; user: number } | undefined => {
    const s = feedbackSchedule(f);
    const [schedules, count] = [world.size('interviewSchedule'), world.size('applicationFeedback')];
    let place = f < count ? f - Math.ceil((s * count) / schedules) : Infinity;
    for (let k = 0; k < eventCount(s); k++) {
      const interviewers = interviewersOf(s * 4 + k);
      const user = interviewers[place];
      if (user !== undefined) return { k, user };
      place -= interviewers.length;
    }
    return undefined;
  };
  /** Most write within a day, some teams let a week go by. */
  const feedbackCreatedMs = (f: number): number => {
    const s = feedbackSchedule(f);
    const b = world.base('applicationFeedback', f);
    if (f >= world.size('applicationFeedback')) return world.createdMs('applicationFeedback', f);
    const pace = applications.stories.paceOf(jobs.departmentOf(applications.jobOf(scheduleApplication(s))));
    const heardMs = eventStartMs(s, feedbackSeat(f)?.k ?? 0) + 2_700_000;
    return Math.max(heardMs, Math.min(END_MS, heardMs + Math.floor(chance(b, 5) ** 4 * 12 * pace * DAY_MS)));
  };
  const feedback = (f: number, version: number): Row => {
    const b = world.base('applicationFeedback', f);
    const a = feedbackApplication(f);
    const form = world.pick('feedbackFormDefinition', roll(b, 1));
    const s = feedbackSchedule(f);
    const seat = feedbackSeat(f);
    const u = parts.user(seat?.user ?? world.pick('user', roll(b, 2)));
    const credited = { ...u };
    delete credited['customFields'];
    delete credited['managerId'];
    return {
      id: world.id('applicationFeedback', f),
      formDefinition: parts.form(form),
      submittedValues: { ...parts.answers(form, roll(b, 3)), ...(version ? { edited: version } : {}) },
      submittedByUser: u,
      ...(seat
        ? {
            interviewId: world.pickId('interview', roll(world.base('interviewEvent', s * 4 + seat.k), 9)),
            interviewEventId: world.id('interviewEvent', s * 4 + seat.k),
          }
        : {}),
      ...(b % 5 ? { feedbackFormDefinitionId: world.id('feedbackFormDefinition', form) } : {}),
      ...(b % 3 ? { applicationHistoryId: world.id('history', applications.historyIndex(a, visitOfSchedule(s))) } : {}),
      applicationId: world.id('application', a),
      ...(b % 7 === 6 ? {} : { submittedAt: iso(feedbackCreatedMs(f)) }),
      ...(b % 3 === 0 ? { creditedToUser: credited } : b % 3 === 1 ? { creditedToUser: null } : {}),
    };
  };

  const offerVisit = (o: number): Visit | undefined =>
    applications.stories.visitsOf(offerApplication(o), 0).find(({ stage }) => stage === 5);
  const offerState = (o: number): [string, string] => {
    const a = offerApplication(o);
    const status = applications.statusOf(a);
    if (status === 'Archived' && offerVisit(o))
      return applications.stories.story(a).endedBy === 'candidate'
        ? ['Declined', 'CandidateRejected']
        : ['Cancelled', 'OfferCancelled'];
    return word(OFFER_STATES[status] ?? [['Created', 'WaitingOnApprovalStart']], world.base('offer', o));
  };
  const offerCreatedMs = (o: number): number => {
    if (o >= world.size('offer')) return world.createdMs('offer', o);
    const visit = offerVisit(o);
    if (!visit) return world.laterMs(applications.createdMs(offerApplication(o)), roll(world.base('offer', o), 1), 60);
    const lastsMs = (visit.leftMs ?? Math.max(END_MS, visit.enteredMs)) - visit.enteredMs;
    return visit.enteredMs + Math.floor(Math.min(2 * DAY_MS, lastsMs * 0.3) * chance(world.base('offer', o), 1));
  };
  const offerDecidedMs = (o: number): number =>
    applications.stories.visitsOf(offerApplication(o), 0).findLast(({ stage }) => stage === 5)?.leftMs ??
    offerCreatedMs(o) + 9 * DAY_MS;
  const openingOf = (o: number): number | undefined => {
    const openings = jobs.openingsOf(applications.jobOf(offerApplication(o)));
    return openings.length > 0 ? word(openings, world.base('offer', o) >>> 4) : undefined;
  };
  const offerVersion = (o: number, n: number, edits: number): Row => {
    const b = world.base('offer', o);
    const opening = openingOf(o);
    const roomMs = Math.max(0, Math.min(3 * DAY_MS, offerDecidedMs(o) - offerCreatedMs(o)));
    const created = edits ? world.updatedMs('offer', o, edits) : offerCreatedMs(o) + Math.floor((n / 3) * roomMs);
    return {
      id: world.id('version', 0x40000000 + o * 16 + n + edits),
      ...(b % 6 ? { startDate: day(offerCreatedMs(o) + 60 * DAY_MS) } : {}),
      ...(b % 8 === 3 ? {} : { salary: { currencyCode: 'EUR', value: 50_000 + (b % 500) * 100 + n * 1000 + edits } }),
      createdAt: iso(created),
      ...(b % 3 && opening !== undefined ? { openingId: world.id('opening', opening) } : {}),
      customFields: parts.fieldPool('Offer', b),
      fileHandles: b % 4 ? [] : [parts.file(3, o, n)],
      author: parts.user(world.pick('user', roll(b, 3))),
      ...(b % 5 === 4
        ? {}
        : { approvalStatus: b % 5 === 3 ? null : word(['Approved', 'WaitingOnApprovals', 'Declined'], b) }),
    };
  };
  /** offer.list shows versions and the form only in the newer schema: here on some rows. offer.info always. */
  const offer = (o: number, version: number, full: boolean): Row => {
    const b = world.base('offer', o);
    const [acceptanceStatus, offerStatus] = offerState(o);
    const last = b % 3;
    const versions = (): Row[] =>
      Array.from({ length: last + 1 }, (_, n) => offerVersion(o, n, n === last ? version : 0));
    return {
      id: world.id('offer', o),
      ...(offerStatus.startsWith('Candidate')
        ? { decidedAt: iso(offerDecidedMs(o)) }
        : b % 2
          ? { decidedAt: null }
          : {}),
      applicationId: world.id('application', offerApplication(o)),
      acceptanceStatus,
      offerStatus,
      latestVersion: offerVersion(o, last, version),
      ...(full || b % 4 === 0 ? { versions: versions() } : b % 4 === 1 ? { versions: null } : {}),
      ...(full || b % 4 === 0 ? { formDefinition: parts.form((b >>> 4) % 10) } : {}),
    };
  };

  const approvalEntity = (n: number): 'offer' | 'job' | 'opening' => word(['offer', 'job', 'opening'] as const, n);
  const approvalEntityId = (n: number): string => world.pickId(approvalEntity(n), world.base('approval', n) >>> 3);
  const approval = (n: number, version: number): Row => {
    const b = world.base('approval', n);
    const created = world.createdMs('approval', n);
    const done = b % 3 !== 0 || version > 0;
    return {
      id: world.id('approval', n),
      approvalDefinitionId: world.id('definition', b % 4),
      entityId: approvalEntityId(n),
      entityType: approvalEntity(n),
      createdAt: iso(created),
      ...(b % 4 ? { submittedAt: iso(created + 3_600_000) } : {}),
      ...(done
        ? { completedAt: iso(version ? world.updatedMs('approval', n, version) : created + DAY_MS) }
        : b % 2
          ? { completedAt: null }
          : {}),
      steps: Array.from({ length: 1 + (b % 2) }, (_, k) => ({
        id: world.id('step', n * 4 + k),
        approvalsRequired: 1,
        ...(done ? { completedAt: iso(created + DAY_MS) } : {}),
        approvers: [
          {
            id: world.id('approver', n * 4 + k),
            userId: world.pickId('user', roll(b, k)),
            decision: done ? word(['approve', 'approve', 'reject'], b >>> 5) : 'pending',
            ...(done ? { decidedAt: iso(created + DAY_MS) } : {}),
            ...(b % 5 ? { requestedAt: iso(created) } : {}),
          },
        ],
      })),
    };
  };

  return {
    spread,
    isShared,
    interviewersOf,
    feedbackSchedule,
    feedbackSeat,
    eventStartMs,
    offerDecidedMs,
    interview,
    scheduleApplication,
    scheduleCreatedMs,
    stageOfSchedule,
    eventCount,
    event,
    schedule,
    transcriptEvent,
    transcriptExpired,
    transcript,
    feedbackApplication,
    feedbackCreatedMs,
    feedback,
    offerApplication,
    offerState,
    offerCreatedMs,
    offer,
    approvalEntity,
    approvalEntityId,
    approval,
  };
}
export type Interviews = ReturnType<typeof makeInterviews>;
