/** The small tables of an organisation's settings. */

import { iso, memo, roll, type World } from '../world.ts';
import { STAGES, word } from '../words.ts';
import type { Row } from '../types.ts';
import { OBJECT_TYPES, fieldTitle, fieldType, isDateOnly, type Parts } from './parts.ts';
import { BOARDS, mark } from './jobs.ts';
import { tagTitle } from './names.ts';

const ARCHIVE_REASONS = [
  ['Not enough experience', 'RejectedByOrg'],
  ['Withdrew', 'RejectedByCandidate'],
  ['Position filled', 'RejectedByOrg'],
  ['Salary expectations', 'RejectedByCandidate'],
  ['No show', 'RejectedByCandidate'],
  ['Location', 'Other'],
] as const;
const REASON_TYPES = ['RejectedByOrg', 'RejectedByCandidate', 'Other'];
const SURVEYS = ['CandidateExperience', 'Questionnaire', 'Diversity', 'EEOC', 'CandidateDataConsent'];

const reasonType = (n: number): string => ARCHIVE_REASONS[n]?.[1] ?? word(REASON_TYPES, n);

/** A reason that fits the one who ended it; the first of its kind come up most. */
export function archiveReasonFor(world: World, endedBy: 'organisation' | 'candidate', random: number): number {
  const fitting = Array.from({ length: world.size('archiveReason') }, (_, n) => n).filter((n) =>
    endedBy === 'candidate' ? reasonType(n) === 'RejectedByCandidate' : reasonType(n) !== 'RejectedByCandidate',
  );
  const often = random % 3 ? fitting.slice(0, 3) : fitting;
  return often.length > 0 ? word(often, random >>> 4) : 0;
}

function archiveReason(world: World, n: number, version: number): Row {
  return {
    id: world.id('archiveReason', n),
    text: mark(ARCHIVE_REASONS[n]?.[0] ?? `Reason ${n + 1}`, version),
    reasonType: reasonType(n),
    isArchived: n % 6 === 5,
  };
}

const reasonCaches = new WeakMap<World, (n: number) => string>();

/** The object that archived applications embed. */
export function archiveReasonJson(world: World, parts: Parts, reason: number): string {
  let cached = reasonCaches.get(world);
  if (!cached) {
    cached = memo(500, (n) =>
      JSON.stringify({ ...archiveReason(world, n, 0), customFields: n % 3 ? [] : parts.fieldPool('Employee', n) }),
    );
    reasonCaches.set(world, cached);
  }
  return cached(reason);
}

export type Config = ReturnType<typeof makeConfig>;

export function makeConfig(world: World, parts: Parts) {
  const user = (u: number, version: number): Row => {
    const row = { ...parts.user(u) };
    if (version > 0) {
      row['lastName'] = mark(String(row['lastName']), version);
      row['updatedAt'] = iso(world.updatedMs('user', u, version));
    }
    return row;
  };
  const department = (d: number, version: number): Row => ({
    id: world.id('department', d),
    name: mark(parts.departmentName(d), version),
    ...(d % 3 === 2 ? {} : { externalName: d % 3 ? null : `${parts.departmentName(d)} team` }),
    isArchived: d % 5 === 4,
    ...(d >= 10 ? { parentId: world.id('department', d % 10) } : {}),
    createdAt: iso(world.createdMs('department', d)),
    updatedAt: iso(world.updatedMs('department', d, version)),
    ...(d % 4 === 0 ? { extraData: { code: `D${d}` } } : {}),
  });
  const location = (l: number, version: number): Row => {
    const row = parts.location(l);
    return { ...row, name: mark(String(row['name']), version) };
  };
  const source = (s: number, version: number): Row => ({
    ...parts.source(s),
    title: mark(parts.sourceTitle(s), version),
  });
  const trackingLink = (t: number, version: number): Row => {
    const code = `lnk${(roll(0x11c, t) % 1_000_000).toString(36)}${t}${version ? `v${version}` : ''}`;
    return {
      id: world.id('sourceTrackingLink', t),
      code,
      enabled: t % 5 !== 3,
      sourceId: world.id('source', parts.linkSource(t)),
      link: `https://jobs.example.com/nimbus?utm_source=${code}`,
    };
  };
  const tag = (t: number, version: number): Row => ({
    id: world.id('candidateTag', t),
    title: mark(tagTitle(t), version),
    isArchived: t % 6 === 4,
  });
  const customField = (f: number, version: number): Row => {
    const type = fieldType(f);
    const select = type === 'MultiValueSelect' || type === 'ValueSelect';
    return {
      id: world.id('customField', f),
      ...(f % 3 ? { isPrivate: f % 5 === 0 } : {}),
      title: mark(fieldTitle(f), version),
      objectType: word(OBJECT_TYPES, f),
      isArchived: f % 9 === 8,
      fieldType: type,
      isRequired: f % 8 === 0,
      ...(select
        ? {
            selectableValues: [0, 1, 2, 3].map((n) => ({
              label: `Option ${n}`,
              value: `option-${n}`,
              isArchived: n === 3,
            })),
          }
        : {}),
      ...(f % 4 === 3 ? {} : { description: f % 2 ? 'A made-up field.' : null }),
      ...(type === 'Date' ? { isDateOnlyField: isDateOnly(f) } : {}),
      ...(f % 5 === 1 ? { isEditableOnlyViaPublicApi: false } : {}),
      ...(f % 5 === 2 ? { referencedObjectType: f % 2 ? 'User' : null } : {}),
    };
  };
  const project = (p: number, version: number): Row => {
    const b = world.base('project', p);
    return {
      id: world.id('project', p),
      title: mark(`Talent pool ${p + 1}`, version),
      ...(p % 3 ? { description: p % 3 === 1 ? null : 'People to keep in mind.' } : {}),
      isArchived: p % 5 === 4,
      confidential: p % 7 === 6,
      ...(p % 4 === 3 ? {} : { authorId: world.pickId('user', b) }),
      createdAt: iso(world.createdMs('project', p)),
      customFieldEntries: parts.fieldPool('Talent_Project', b),
    };
  };
  const feedbackForm = (f: number, version: number): Row => ({
    id: world.id('feedbackFormDefinition', f),
    organizationId: world.id('organization', 0),
    title: mark(`Scorecard ${f + 1}`, version),
    isArchived: f % 5 === 4,
    isDefaultForm: f === 0,
    formDefinition: parts.form(f),
    ...(f % 3 === 1 ? { interviewId: world.pickId('interview', f) } : {}),
  });
  const plan = (p: number, version: number): Row => ({
    id: world.id('interviewPlan', p),
    title: mark(`Interview plan ${p + 1}`, version),
    isArchived: p % 5 === 4,
    createdAt: iso(world.createdMs('interviewPlan', p)),
    updatedAt: iso(world.updatedMs('interviewPlan', p, version)),
  });
  const stageGroup = (g: number, version: number): Row => ({
    id: world.id('interviewStageGroup', g),
    title: mark(STAGES[g]?.[0] ?? `Group ${g}`, version),
    order: g,
    stageType: STAGES[g]?.[1] ?? 'Active',
  });
  const stage = (index: number): Row => {
    const k = index % parts.STAGE_COUNT;
    return { ...parts.stage(index), ...(k % 3 ? {} : { isArchived: k === 3 ? null : false }) };
  };
  const pool = (p: number, version: number, archivedStages: boolean): Row => {
    const stages = [0, 1, 2].map((k) => ({
      id: world.id('stage', p * 4 + k),
      interviewerRole: k ? 'ReverseShadow' : 'Shadow',
      interviewsRequired: k + 1,
      isArchived: k === 2,
      approvalRequired: k === 1,
      ...(k === 1 ? { approvers: [parts.user(p % world.size('user'))] } : {}),
    }));
    return {
      id: world.id('interviewerPool', p),
      title: mark(`Interviewers ${p + 1}`, version),
      isArchived: p % 5 === 4,
      ...(p % 3 === 2
        ? {}
        : {
            trainingPath: {
              id: world.id('trainingPath', p),
              enabled: p % 2 === 0,
              trainingStages: stages.filter((s) => archivedStages || !s.isArchived),
            },
          }),
    };
  };
  /** interviewerPool.info: the list's row with who is in the pool. A new version brings a member more. */
  const poolDetail = (p: number, version: number): Row => {
    const b = world.base('interviewerPool', p);
    const users = world.size('user');
    const member = (k: number): Row => ({ ...parts.user((b + k * 5) % users), isPaused: (b + k) % 4 === 0 });
    const row = pool(p, version, false);
    const path = row['trainingPath'] as { id: string } | undefined;
    const qualified = p % 4 === 3 ? 0 : Math.min(users, 1 + (b % 6) + version);
    return {
      ...row,
      qualifiedMembers: Array.from({ length: qualified }, (_, k) => member(k)),
      trainees: Array.from({ length: path ? 1 + (b % 3) : 0 }, (_, k) => ({
        ...member(100 + k),
        currentProgress: {
          trainingPathId: path?.id,
          trainingPathStageId: world.id('stage', p * 4 + (k % 3)),
          interviewsCompleted: k,
        },
      })),
    };
  };
  const surveyForm = (f: number, version: number): Row => ({
    id: world.id('surveyFormDefinition', f),
    ...(f % 2 ? {} : { organizationId: world.id('organization', 0) }),
    title: mark(`Survey ${f + 1}`, version),
    isArchived: f % 6 === 5,
    ...(f % 3 ? { isDefaultForm: f === 1 } : {}),
    formDefinition: parts.form(f),
    surveyType: word(SURVEYS, f),
  });
  const jobBoard = (n: number, version: number): Row => ({
    id: world.id('jobBoard', n),
    title: mark(BOARDS[n] ?? `Board ${n + 1}`, version),
    isInternal: n === 1,
  });
  const named =
    (table: 'applicationHiringTeamRole' | 'hiringTeamRole', names: readonly string[]) =>
    (n: number, version: number): Row => ({
      id: world.id(table, n),
      title: mark(names[n] ?? `Role ${n + 1}`, version),
    });
  const closeReason = (n: number, version: number): Row => ({
    id: world.id('closeReason', n),
    reasonText: mark(['Filled', 'Budget', 'Reorganisation'][n] ?? `Close reason ${n + 1}`, version),
    isArchived: n % 4 === 3,
  });
  const template = (n: number, version: number): Row => ({
    id: world.id('communicationTemplate', n),
    createdAt: iso(world.createdMs('communicationTemplate', n)),
    updatedAt: iso(world.updatedMs('communicationTemplate', n, version)),
    title: mark(`Message ${n + 1}`, version),
    intendedTypes: ['email', 'inMail', 'linkedInConnection'].slice(0, 1 + (n % 3)),
  });
  const brand = (n: number, version: number): Row => ({
    id: world.id('brand', n),
    name: mark(`Nimbus Example ${n + 1}`, version),
    hostedJobsPageSlug: `nimbus-example-${n + 1}`,
  });
  const sequenceTemplate = (n: number, version: number): Row => ({
    id: world.id('sequenceTemplate', n),
    title: mark(`Outreach ${n + 1}`, version),
    isArchived: n % 4 === 3,
    updatedAt: iso(world.updatedMs('sequenceTemplate', n, version)),
    unsubscribeLinkActive: n % 2 === 0,
    stages: [0, 1, 2].slice(0, 1 + (n % 3)).map((k) => ({
      id: world.id('stage', 1000 + n * 4 + k),
      type: word(['Email', 'InMail', 'LinkedInConnection'], k),
      sendAfter: k ? { kind: 'Days' } : { kind: 'NoDelay' },
    })),
  });

  return {
    user,
    department,
    location,
    source,
    trackingLink,
    archiveReason: (n: number, v: number) => archiveReason(world, n, v),
    tag,
    customField,
    project,
    feedbackForm,
    plan,
    stageGroup,
    stage,
    pool,
    poolDetail,
    surveyForm,
    jobBoard,
    applicationRole: named('applicationHiringTeamRole', ['Recruiter', 'Hiring Manager', 'Coordinator', 'Sourcer']),
    hiringRole: named('hiringTeamRole', ['Hiring Manager', 'Recruiter', 'Coordinator', 'Sourcer', 'Executive']),
    closeReason,
    template,
    brand,
    sequenceTemplate,
  };
}
