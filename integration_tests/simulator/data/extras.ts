/** Surveys, take-homes, sequences, referrals, and single-object answers. */

import { iso, roll, type World } from '../world.ts';
import { CITIES, awkward, word } from '../words.ts';
import type { Row } from '../types.ts';
import type { Applications } from './applications.ts';
import type { Config } from './config.ts';
import type { Interviews } from './interviews.ts';
import { mark, type Jobs } from './jobs.ts';
import type { Parts } from './parts.ts';

const DAY_MS = 86_400_000;
export const SUBMISSION_TYPES = ['CandidateExperience', 'Questionnaire', 'HiringManagerExperience'];
const SCHEMA_EMPLOYMENT: Record<string, string> = {
  FullTime: 'FULL_TIME',
  PartTime: 'PART_TIME',
  Intern: 'INTERN',
  Contract: 'CONTRACTOR',
  Temporary: 'TEMPORARY',
};

export function makeExtras(o: {
  world: World;
  parts: Parts;
  jobs: Jobs;
  applications: Applications;
  interviews: Interviews;
  config: Config;
}) {
  const { world, parts, jobs, applications, interviews, config } = o;

  const requestApplication = (n: number): number => interviews.spread(n, world.size('surveyRequest'));
  const surveyRequest = (n: number, version: number): Row => {
    const a = requestApplication(n);
    const id = world.id('surveyRequest', n);
    return {
      id,
      candidateId: world.id('candidate', applications.candidateOf(a)),
      applicationId: world.id('application', a),
      surveyFormDefinitionId: world.pickId('surveyFormDefinition', 0),
      surveyUrl: `https://surveys.example.com/${id}${version ? `?edit=${version}` : ''}`,
    };
  };
  const submissionType = (n: number): string => word(SUBMISSION_TYPES, n);
  const submissionApplication = (n: number): number => interviews.spread(n, world.size('surveySubmission'));
  const submissionMs = (n: number): number =>
    world.laterMs(applications.updatedMs(submissionApplication(n), 0), world.base('surveySubmission', n), 20);
  const surveySubmission = (n: number, version: number): Row => {
    const b = world.base('surveySubmission', n);
    const a = submissionApplication(n);
    const form = world.pick('surveyFormDefinition', b);
    return {
      id: world.id('surveySubmission', n),
      ...(b % 4 === 3
        ? { surveyFormDefinitionId: null }
        : { surveyFormDefinitionId: world.id('surveyFormDefinition', form) }),
      submittedAt: iso(version ? world.updatedMs('surveySubmission', n, version) : submissionMs(n)),
      candidateId: world.id('candidate', applications.candidateOf(a)),
      ...(b % 5 ? { applicationId: world.id('application', a) } : {}),
      surveyType: submissionType(n),
      ...(b % 6 ? { formDefinition: parts.form(form), submittedValues: parts.answers(form, roll(b, 1)) } : {}),
    };
  };

  const takeHomeApplication = (n: number): number => interviews.spread(n, world.size('takeHomeAssignment'));
  const takeHome = (n: number, version: number, expand: boolean): Row => {
    const b = world.base('takeHomeAssignment', n);
    const a = takeHomeApplication(n);
    const i = world.pick('interview', b >>> 3);
    const created = world.laterMs(applications.createdMs(a), b, 20);
    const submitted = b % 3 !== 0;
    return {
      id: world.id('takeHomeAssignment', n),
      applicationId: world.id('application', a),
      candidateId: world.id('candidate', applications.candidateOf(a)),
      interviewStageId:
        b % 5 ? world.id('interviewStage', parts.stageIndex(jobs.planOf(applications.jobOf(a)), 2)) : null,
      interviewId: b % 7 ? world.id('interview', i) : null,
      ...(expand ? { interview: b % 7 ? { ...interviews.interview(i, 0), type: 'TakeHome' } : null } : {}),
      status: submitted
        ? word(['Complete', 'WaitingOnFeedback'], b >>> 4)
        : word(['WaitingOnSubmission', 'Cancelled'], b >>> 4),
      createdAt: iso(created),
      updatedAt: iso(version ? world.updatedMs('takeHomeAssignment', n, version) : created + DAY_MS),
      submission: submitted
        ? {
            id: world.id('request', n),
            submittedAt: iso(created + DAY_MS),
            notesHtml: b % 2 ? '<p>Here it is.</p>' : null,
            notesPlain: b % 2 ? 'Here it is.' : null,
            fileHandles: [parts.file(4, n, 0)],
          }
        : null,
      feedbackFormDefinitionId: b % 4 ? world.pickId('feedbackFormDefinition', b) : null,
      reviewers:
        b % 4 === 3
          ? []
          : [
              {
                userId: world.pickId('user', b),
                interviewEventId: world.id('interviewEvent', n * 4),
                feedbackLink: `https://app.example.com/feedback/${n}`,
                hasSubmittedFeedback: b % 2 === 0,
                feedbackSubmittedAt: b % 2 ? null : iso(created + 2 * DAY_MS),
              },
            ],
    };
  };
  const sequenceCandidate = (n: number): number =>
    world.survivor(Math.floor((n * world.size('candidate')) / world.size('sequence')) % world.size('candidate'));
  const sequence = (n: number, version: number): Row => {
    const b = world.base('sequence', n);
    return {
      id: world.id('sequence', n),
      candidateId: world.id('candidate', sequenceCandidate(n)),
      applicationId: b % 3 ? null : world.pickId('application', b),
      sequenceTemplateId: b % 5 ? world.pickId('sequenceTemplate', b >>> 3) : null,
      status: word(['NotStarted', 'Running', 'Paused', 'Completed', 'Cancelled', 'Unsubscribed'], b + version),
      createdAt: iso(world.createdMs('sequence', n)),
      stages: Array.from({ length: 1 + (b % 3) }, (_, k) => ({
        id: world.id('stage', 0x10000 + n * 4 + k),
        type: word(['Email', 'InMail', 'LinkedInConnection'], k),
        from: k ? null : { email: 'outreach@example.com', displayName: b % 2 ? 'Outreach' : null },
        sendAfter: k ? { kind: 'Days' } : { kind: 'NoDelay' },
        subject: k ? null : mark('Hello from Nimbus Example', version),
        bodyHtml: b % 3 ? (awkward(roll(b, k)) ?? '<p>Hello.</p>') : null,
      })),
    };
  };
  const referralApplication = (n: number): number => interviews.spread(n, world.size('referral'));
  const referral = (n: number, version: number): Row => {
    const b = world.base('referral', n);
    const a = referralApplication(n);
    const created = applications.createdMs(a);
    return {
      id: world.id('referral', n),
      createdAt: iso(created),
      ...(b % 4 === 3
        ? {}
        : {
            updatedAt:
              b % 4 === 2 && !version ? null : iso(version ? world.updatedMs('referral', n, version) : created),
          }),
      candidateId: world.id('candidate', applications.candidateOf(a)),
      applicationId: b % 5 ? world.id('application', a) : null,
      jobId: b % 6 ? world.id('job', applications.jobOf(a)) : null,
      referralType: word(['Direct', 'Network'], b),
      referrer: parts.person(world.pick('user', b)),
      sourceFormDefinitionId: b % 2 ? world.id('definition', 900) : null,
      formDefinition: parts.form(11),
      submittedValues: parts.answers(11, roll(b, 1)),
    };
  };

  const pauseCount = (u: number): number => roll(world.base('user', u), 40) % 3;
  const pause = (u: number, k: number): Row => {
    const b = world.base('pause', u * 8 + k);
    const start = world.createdMs('pause', u * 8 + k);
    return {
      id: world.id('pause', u * 8 + k),
      userId: world.id('user', u),
      startsAt: iso(start),
      ...(b % 4 ? { endsAt: b % 4 === 1 ? null : iso(start + 10 * DAY_MS) } : {}),
      ...(b % 3 ? { comment: b % 3 === 1 ? null : 'Away.' } : {}),
      createdAt: iso(start - DAY_MS),
    };
  };
  const interviewerSettings = (u: number): Row => ({
    id: world.id('settings', u),
    ...(u % 4 === 3 ? {} : { dailyLimit: u % 2 ? null : 2 }),
    ...(u % 5 === 4 ? {} : { weeklyLimit: u % 3 ? 8 : null }),
  });
  const jobPlan = (j: number): Row => {
    const plan = jobs.planOf(j);
    return {
      jobId: world.id('job', j),
      interviewPlanId: world.id('interviewPlan', plan),
      stages: Array.from({ length: parts.STAGE_COUNT }, (_, k) => {
        const { interviewPlanId: _plan, ...stage } = parts.stage(parts.stageIndex(plan, k));
        return {
          ...stage,
          activities:
            k >= 2 && k <= 4
              ? [
                  {
                    id: world.id('activity', j * 8 + k),
                    ...(k % 2 ? { title: 'Panel' } : {}),
                    interviews: [
                      {
                        id: world.id('activity', 0x1000000 + j * 8 + k),
                        title: `Interview ${k}`,
                        interviewId: world.pickId('interview', j + k),
                        interviewDurationMinutes: 45,
                        isSchedulable: k !== 4,
                      },
                    ],
                  },
                ]
              : [],
        };
      }),
    };
  };
  const postingDetail = (p: number, version: number, withJob: boolean): Row => {
    const list = jobs.posting(p, version);
    const j = jobs.postingJobOf(p);
    const l = jobs.locationOf(j);
    const [city, , country] = word(CITIES, l);
    const part = (text: string): Row => ({ html: `<p>${text}</p>`, plain: text });
    const { shouldDisplayCompensationOnJobBoard, compensationTierSummary, status: _status, ...row } = list;
    const tiers = jobs.tiers(p);
    return {
      ...row,
      descriptionPlain: 'We look for somebody made up.',
      descriptionHtml: '<p>We look for somebody made up.</p>',
      ...(p % 3 ? { descriptionSocial: 'Join us' } : {}),
      descriptionParts: {
        descriptionOpening: part('Hello.'),
        descriptionBody: part('The work.'),
        descriptionClosing: part('Bye.'),
      },
      teamNameHierarchy: [parts.departmentName(jobs.departmentOf(j))],
      linkedData: {
        '@context': 'https://schema.org/',
        '@type': 'JobPosting',
        title: list['title'],
        description: '<p>Made up.</p>',
        identifier: { '@type': 'PropertyValue', name: 'Nimbus Example', value: list['id'] },
        datePosted: list['publishedDate'],
        hiringOrganization: { '@type': 'Organization', name: 'Nimbus Example', sameAs: 'https://www.example.com' },
        jobLocation: {
          '@type': 'Place',
          address: { '@type': 'PostalAddress', addressLocality: city, addressCountry: country },
        },
        employmentType: SCHEMA_EMPLOYMENT[String(list['employmentType'])],
        directApply: true,
        ...(p % 2
          ? {
              baseSalary: {
                '@type': 'MonetaryAmount',
                currency: 'EUR',
                value: { '@type': 'QuantitativeValue', minValue: 50000, maxValue: 70000, unitText: 'YEAR' },
              },
            }
          : {}),
      },
      address: p % 4 ? parts.address(l) : null,
      isRemote: p % 4 === 3,
      applicationFormDefinition: parts.form(20 + (p % 5)),
      surveyFormDefinitions: p % 2 ? [] : [config.surveyForm(world.pick('surveyFormDefinition', p), 0)],
      suppressDescriptionOpening: false,
      suppressDescriptionClosing: p % 2 === 0,
      compensation: {
        ...(p % 2 ? {} : { compensationTierSummary }),
        summaryComponents: (tiers[0]?.['components'] as Row[]).map(({ id: _id, ...rest }) => rest),
        compensationTiers: tiers,
        shouldDisplayCompensationOnJobBoard,
        shouldDisplayCompensation: p % 2 === 0,
      },
      ...(p % 4 === 0 ? { applicationLimitCalloutHtml: '<p>One application a month.</p>' } : {}),
      ...(withJob ? { job: jobs.job(j, 0, {}) } : {}),
    };
  };

  return {
    requestApplication,
    surveyRequest,
    submissionType,
    submissionApplication,
    submissionMs,
    surveySubmission,
    takeHomeApplication,
    takeHome,
    sequenceCandidate,
    sequence,
    referralApplication,
    referral,
    pauseCount,
    pause,
    interviewerSettings,
    jobPlan,
    postingDetail,
  };
}
