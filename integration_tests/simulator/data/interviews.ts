/** Interviews, schedules, events, feedback, offers, approvals and what follows from them. */

import { day, iso, roll, type World } from '../world.ts';
import { word } from '../words.ts';
import type { Row } from '../types.ts';
import type { Applications } from './applications.ts';
import type { Config } from './config.ts';
import { mark, type Jobs } from './jobs.ts';
import type { Parts } from './parts.ts';

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
  /** The `n`-th of `count` rows spread evenly over the applications. */
  const spread = (n: number, count: number): number => {
    const total = world.size('application');
    return n < count ? Math.min(total - 1, Math.floor((n * total) / count)) : n % total;
  };

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

  const scheduleApplication = (s: number): number => spread(s, world.size('interviewSchedule'));
  const scheduleCreatedMs = (s: number): number =>
    world.laterMs(applications.createdMs(scheduleApplication(s)), roll(world.base('interviewSchedule', s), 1), 30);
  const eventCount = (s: number): number => roll(world.base('interviewSchedule', s), 2) % 4;
  const hasTranscript = (e: number): boolean => e % 3 === 0;
  const event = (s: number, k: number, withInterview: boolean): Row => {
    const e = s * 4 + k;
    const b = world.base('interviewEvent', e);
    const created = scheduleCreatedMs(s);
    const start = Math.floor((created + (1 + k) * DAY_MS) / 1_800_000) * 1_800_000;
    const interviewers = Array.from({ length: 1 + (b % 2) }, (_, n) => world.pick('user', roll(b, n)));
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
  const stageOfSchedule = (s: number): number =>
    parts.stageIndex(
      jobs.planOf(applications.jobOf(scheduleApplication(s))),
      2 + (world.base('interviewSchedule', s) % 3),
    );

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

  const feedbackApplication = (f: number): number => spread(f, world.size('applicationFeedback'));
  const feedbackCreatedMs = (f: number): number =>
    world.laterMs(applications.createdMs(feedbackApplication(f)), world.base('applicationFeedback', f), 40);
  const feedback = (f: number, version: number): Row => {
    const b = world.base('applicationFeedback', f);
    const a = feedbackApplication(f);
    const form = world.pick('feedbackFormDefinition', roll(b, 1));
    const u = parts.user(world.pick('user', roll(b, 2)));
    const s = Math.min(
      world.size('interviewSchedule') - 1,
      Math.floor((a * world.size('interviewSchedule')) / world.size('application')),
    );
    const linked = scheduleApplication(s) === a && eventCount(s) > 0;
    const credited = { ...u };
    delete credited['customFields'];
    delete credited['managerId'];
    return {
      id: world.id('applicationFeedback', f),
      formDefinition: parts.form(form),
      submittedValues: { ...parts.answers(form, roll(b, 3)), ...(version ? { edited: version } : {}) },
      submittedByUser: u,
      ...(linked
        ? {
            interviewId: world.pickId('interview', roll(world.base('interviewEvent', s * 4), 9)),
            interviewEventId: world.id('interviewEvent', s * 4),
          }
        : {}),
      ...(b % 5 ? { feedbackFormDefinitionId: world.id('feedbackFormDefinition', form) } : {}),
      ...(b % 3 ? { applicationHistoryId: world.id('history', a * 8) } : {}),
      applicationId: world.id('application', a),
      ...(b % 7 === 6 ? {} : { submittedAt: iso(feedbackCreatedMs(f)) }),
      ...(b % 3 === 0 ? { creditedToUser: credited } : b % 3 === 1 ? { creditedToUser: null } : {}),
    };
  };

  const offerApplication = (o: number): number => spread(o, world.size('offer'));
  const offerState = (o: number): [string, string] =>
    word(
      OFFER_STATES[applications.statusOf(offerApplication(o))] ?? [['Created', 'WaitingOnApprovalStart']],
      world.base('offer', o),
    );
  const offerCreatedMs = (o: number): number =>
    world.laterMs(applications.createdMs(offerApplication(o)), roll(world.base('offer', o), 1), 60);
  const offerVersion = (o: number, n: number, edits: number): Row => {
    const b = world.base('offer', o);
    const created = edits ? world.updatedMs('offer', o, edits) : offerCreatedMs(o) + n * DAY_MS;
    return {
      id: world.id('version', 0x40000000 + o * 16 + n + edits),
      ...(b % 6 ? { startDate: day(offerCreatedMs(o) + 60 * DAY_MS) } : {}),
      ...(b % 8 === 3 ? {} : { salary: { currencyCode: 'EUR', value: 50_000 + (b % 500) * 100 + n * 1000 + edits } }),
      createdAt: iso(created),
      ...(b % 3 ? { openingId: world.pickId('opening', b >>> 4) } : {}),
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
        ? { decidedAt: iso(offerCreatedMs(o) + 9 * DAY_MS) }
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
