/** Joins endpoints to tables: which rows a list holds, which of them a body hides, and how one is written. */

import { SUBMISSION_TYPES } from './data/extras.ts';
import type { Data } from './data/index.ts';
import { Journal, spelledOut, type Walk } from './journal.ts';
import type { TableName } from './tables.ts';
import type { Body, Row } from './types.ts';

export interface Listing {
  table: TableName;
  json: (index: number, version: number, body: Body) => string;
  /** Rows that the body leaves out answer false. Absent: every row is visible. */
  visible?: (index: number, body: Body) => boolean;
  /** Creation instant for createdAfter and createdBefore. */
  createdMs?: (index: number) => number;
  /** An order of its own. */
  walk?: Walk;
  /** What a body stands for at an instant, where leaving a parameter out names no fixed set of rows. */
  spelledOut?: (body: Body, nowMs: number) => Body;
}

/** A row, or the row already written as JSON. */
type Make = (index: number, version: number, body: Body) => Row | string;
const FILTERS = ['categories', 'targetIds', 'targetTypes', 'actorIds'];
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const wants = (body: Body, key: string, value: string): boolean => listOf(body[key]).includes(value);
const among = (filter: unknown, value: string): boolean => !Array.isArray(filter) || filter.includes(value);
const every =
  (modulo: number, rest: number, flag: string) =>
  (n: number, body: Body): boolean =>
    body[flag] === true || n % modulo !== rest;

/** Every list that has a table of its own. */
export function makeListings(data: Data): ReadonlyMap<string, Listing> {
  const { world, parts, jobs, applications, candidates, interviews, config, extras, audit } = data;
  const listing = (table: TableName, make: Make, rest: Omit<Listing, 'table' | 'json'> = {}): Listing => ({
    table,
    json: (index, version, body) => {
      const row = make(index, version, body);
      return typeof row === 'string' ? row : JSON.stringify(row);
    },
    createdMs: (index) => world.createdMs(table, index),
    ...rest,
  });
  /** The index is only asked for when there is a filter: unfiltered lists of millions of rows stay quick. */
  const same = (filter: unknown, table: TableName, index: () => number): boolean =>
    filter === undefined || filter === world.id(table, index());

  const lists: Record<string, Listing> = {
    'candidate.list': listing('candidate', candidates.json),
    'application.list': listing(
      'application',
      (a, v, body) => applications.json(a, v, wants(body, 'expand', 'openings')),
      {
        createdMs: applications.createdMs,
        visible: (a, body) =>
          (body['status'] === undefined || body['status'] === applications.statusOf(a)) &&
          same(body['jobId'], 'job', () => applications.jobOf(a)),
      },
    ),
    'job.list': listing('job', jobs.job, {
      createdMs: jobs.createdMs,
      visible: (j, body) => {
        const status = jobs.statusOf(j);
        if (!(body['status'] === undefined ? status !== 'Draft' : among(body['status'], status))) return false;
        const opened = status === 'Draft' ? undefined : jobs.createdMs(j) + 86_400_000;
        const closed = status === 'Closed' || status === 'Archived' ? jobs.closedMs(j) : undefined;
        return (
          within(opened, body['openedAfter'], body['openedBefore']) &&
          within(closed, body['closedAfter'], body['closedBefore'])
        );
      },
    }),
    'jobPosting.list': listing('jobPosting', jobs.posting, {
      visible: (p, body) => {
        if (body['includeUnpublishedJobPostings'] !== true && jobs.postingDraft(p)) return false;
        if (body['listedOnly'] === true && p % 6 === 1) return false;
        if (body['jobBoardId'] !== '*') {
          const board = body['jobBoardId'] === undefined ? 0 : world.index('jobBoard', body['jobBoardId']);
          if (!jobs.postingBoards(p).includes(board)) return false;
        }
        const j = jobs.postingJobOf(p);
        return (
          (body['location'] === undefined || body['location'] === parts.locationName(jobs.locationOf(j))) &&
          (body['department'] === undefined || body['department'] === parts.departmentName(jobs.departmentOf(j)))
        );
      },
    }),
    'offer.list': listing('offer', (o, v) => interviews.offer(o, v, false), {
      createdMs: interviews.offerCreatedMs,
      visible: (o, body) => {
        const [acceptance, status] = interviews.offerState(o);
        if (!among(body['acceptanceStatus'], acceptance) || !among(body['offerStatus'], status)) return false;
        if (!same(body['applicationId'], 'application', () => interviews.offerApplication(o))) return false;
        if (body['approvalStatus'] === undefined) return true;
        return among(
          body['approvalStatus'],
          String((interviews.offer(o, 0, false)['latestVersion'] as Row)['approvalStatus']),
        );
      },
    }),
    'interview.list': listing('interview', (i, v) => interviews.interview(i, v), {
      visible: (i, body) =>
        (body['includeNonSharedInterviews'] === true || interviews.isShared(i)) &&
        (body['includeArchived'] === true || i % 8 !== 5),
    }),
    'interviewSchedule.list': listing('interviewSchedule', interviews.schedule, {
      createdMs: interviews.scheduleCreatedMs,
      visible: (s, body) =>
        same(body['applicationId'], 'application', () => interviews.scheduleApplication(s)) &&
        same(body['interviewStageId'], 'interviewStage', () => interviews.stageOfSchedule(s)),
    }),
    'user.list': listing('user', config.user, { visible: every(6, 5, 'includeDeactivated') }),
    'department.list': listing('department', config.department, { visible: every(5, 4, 'includeArchived') }),
    'location.list': listing('location', config.location, {
      visible: (l, body) =>
        (body['includeArchived'] === true || l % 6 !== 5) &&
        (body['includeLocationHierarchy'] === true || !parts.isRegion(l)),
    }),
    'source.list': listing('source', config.source, { visible: every(7, 6, 'includeArchived') }),
    'sourceTrackingLink.list': listing('sourceTrackingLink', config.trackingLink, {
      visible: (t, body) =>
        (body['includeDisabled'] === true || t % 5 !== 3) &&
        same(body['sourceId'], 'source', () => parts.linkSource(t)),
    }),
    'archiveReason.list': listing('archiveReason', config.archiveReason, { visible: every(6, 5, 'includeArchived') }),
    'candidateTag.list': listing('candidateTag', config.tag, { visible: every(6, 4, 'includeArchived') }),
    'customField.list': listing('customField', config.customField, { visible: every(9, 8, 'includeArchived') }),
    'opening.list': listing('opening', jobs.opening),
    'project.list': listing('project', config.project),
    'applicationFeedback.list': listing('applicationFeedback', interviews.feedback, {
      createdMs: interviews.feedbackCreatedMs,
      visible: (f, body) => same(body['applicationId'], 'application', () => interviews.feedbackApplication(f)),
    }),
    'approval.list': listing('approval', interviews.approval, {
      visible: (n, body) =>
        (body['entityType'] === undefined || body['entityType'] === interviews.approvalEntity(n)) &&
        (body['entityId'] === undefined || body['entityId'] === interviews.approvalEntityId(n)),
    }),
    'feedbackFormDefinition.list': listing('feedbackFormDefinition', config.feedbackForm, {
      visible: every(5, 4, 'includeArchived'),
    }),
    'interviewPlan.list': listing('interviewPlan', config.plan, { visible: every(5, 4, 'includeArchived') }),
    'interviewStageGroup.list': listing('interviewStageGroup', config.stageGroup),
    'interviewerPool.list': listing(
      'interviewerPool',
      (p, v, body) => config.pool(p, v, body['includeArchivedTrainingStages'] === true),
      {
        visible: every(5, 4, 'includeArchivedPools'),
      },
    ),
    'surveyFormDefinition.list': listing('surveyFormDefinition', config.surveyForm),
    'jobTemplate.list': listing('jobTemplate', jobs.jobTemplate),
    'jobBoard.list': listing('jobBoard', config.jobBoard),
    'applicationHiringTeamRole.list': listing('applicationHiringTeamRole', config.applicationRole),
    'hiringTeamRole.list': listing('hiringTeamRole', (n, v, body) => {
      const row = config.hiringRole(n, v);
      return body['namesOnly'] === false ? row : JSON.stringify(row['title']);
    }),
    'closeReason.list': listing('closeReason', config.closeReason, { visible: every(4, 3, 'includeArchived') }),
    'communicationTemplate.list': listing('communicationTemplate', config.template),
    'brand.list': listing('brand', config.brand),
    'surveyRequest.list': listing('surveyRequest', extras.surveyRequest, {
      visible: (n, body) => {
        const a = (): number => extras.requestApplication(n);
        return (
          same(body['applicationId'], 'application', a) &&
          same(body['candidateId'], 'candidate', () => applications.candidateOf(a()))
        );
      },
    }),
    'surveySubmission.list': listing('surveySubmission', extras.surveySubmission, {
      createdMs: extras.submissionMs,
      visible: (n, body) =>
        !SUBMISSION_TYPES.includes(String(body['surveyType'])) || extras.submissionType(n) === body['surveyType'],
    }),
    'takeHomeAssignment.list': listing(
      'takeHomeAssignment',
      (n, v, body) => extras.takeHome(n, v, wants(body, 'expand', 'interview')),
      {
        visible: (n, body) => {
          const a = extras.takeHomeApplication(n);
          return (
            same(body['applicationId'], 'application', () => a) &&
            same(body['candidateId'], 'candidate', () => applications.candidateOf(a))
          );
        },
      },
    ),
    'sequence.list': listing('sequence', extras.sequence, {
      visible: (n, body) => same(body['candidateId'], 'candidate', () => extras.sequenceCandidate(n)),
    }),
    'sequenceTemplate.list': listing('sequenceTemplate', config.sequenceTemplate, {
      visible: every(4, 3, 'includeArchived'),
    }),
    'referral.list': listing('referral', extras.referral),
    'auditLog.list': listing('auditLog', audit.row, {
      walk: new Journal(world.state('auditLog'), audit).walk,
      spelledOut,
      visible: (n, body) => {
        if (FILTERS.every((filter) => body[filter] === undefined)) return true;
        const row = audit.row(n, 0);
        const { id, type } = row['target'] as Row;
        return (
          among(body['categories'], String(row['category'])) &&
          among(body['targetIds'], String(id)) &&
          among(body['targetTypes'], String(type)) &&
          among(body['actorIds'], String((row['actor'] as Row)['id']))
        );
      },
    }),
  };
  return new Map(Object.entries(lists));
}

function within(at: number | undefined, after: unknown, before: unknown): boolean {
  if (typeof after === 'number' && !(at !== undefined && at > after)) return false;
  return !(typeof before === 'number' && !(at !== undefined && at < before));
}
