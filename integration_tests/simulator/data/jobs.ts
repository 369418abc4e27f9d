/** Jobs, postings, openings, boards and templates. */

import { day, iso, memo, roll, END_MS, START_MS, type World } from '../world.ts';
import { TITLES, word } from '../words.ts';
import type { Body, Row } from '../types.ts';
import type { Parts } from './parts.ts';

const EMPLOYMENT = ['FullTime', 'PartTime', 'Intern', 'Contract', 'Temporary'];
const WORKPLACE = ['OnSite', 'Hybrid', 'Remote'];
const OPENING_STATES = ['Open', 'Approved', 'Filled', 'Closed', 'Draft'];
const DAY_MS = 86_400_000;
export const BOARDS = ['External board', 'Internal board', 'Campus board'];

export type Jobs = ReturnType<typeof makeJobs>;
export const mark = (title: string, version: number): string => (version ? `${title} (edit ${version})` : title);
const has = (list: unknown, value: string): boolean => Array.isArray(list) && list.includes(value);

export function makeJobs(world: World, parts: Parts) {
  const jobCount = world.size('job');
  const statusOf = (j: number): string =>
    j % 12 === 5 ? 'Draft' : j % 12 === 2 || j % 12 === 7 ? 'Closed' : j % 12 === 10 ? 'Archived' : 'Open';
  /** Applications never belong to a draft. */
  const openable = (j: number): number => (statusOf(j) === 'Draft' ? j - 1 : j);
  /** Jobs open one after another over the years; those made later say themselves when. */
  const stepMs = (END_MS - START_MS) / jobCount;
  const createdMs = (j: number): number =>
    j >= jobCount
      ? world.createdMs('job', j)
      : Math.floor(START_MS - 90 * DAY_MS + (j + 0.5 * (roll(world.base('job', j), 10) / 2 ** 32)) * stepMs);
  /** How many of the newest jobs take applications at one time. */
  const taking = Math.max(3, Math.ceil((200 * DAY_MS) / stepMs));
  const closedMs = (j: number): number =>
    Math.max(createdMs(j) + 2 * DAY_MS, Math.min(END_MS, Math.floor(createdMs(j) + (taking + 1) * stepMs)));
  /** A job that takes applications at an instant, chosen by a number from 0 up to 1. */
  const openAt = (atMs: number, chosen: number): number => {
    const newest = Math.floor((Math.min(atMs, END_MS) - START_MS + 90 * DAY_MS) / stepMs);
    const j = Math.min(jobCount - 1, Math.max(0, newest - Math.floor(chosen ** 1.3 * taking)));
    return openable(j > 0 && createdMs(j) > atMs ? j - 1 : j);
  };
  const planOf = (j: number): number => world.pick('interviewPlan', roll(world.base('job', j), 1));
  const titleOf = (j: number): string => `${word(TITLES, roll(world.base('job', j), 2))} ${j + 1}`;
  /** Any real location, regions aside. */
  const locationOf = (j: number): number => {
    const l = world.pick('location', roll(world.base('job', j), 3));
    return l < 3 ? Math.min(3, world.size('location') - 1) : l;
  };
  const departmentOf = (j: number): number => world.pick('department', roll(world.base('job', j), 4));

  const embeddedJson = memo(3000, (j) =>
    JSON.stringify({
      id: world.id('job', j),
      title: titleOf(j),
      ...(j % 5 === 4 ? {} : { locationId: world.id('location', locationOf(j)) }),
      ...(j % 7 === 6 ? {} : { departmentId: world.id('department', departmentOf(j)) }),
      ...(j % 3 === 2 ? {} : { brandId: j % 3 ? null : world.pickId('brand', j) }),
    }),
  );
  const team = memo(3000, (j) => parts.hiringTeam(roll(world.base('job', j), 5)));
  const teamJson = memo(3000, (j) => JSON.stringify(team(j)));

  const openingJobOf = (o: number): number => openable(o % jobCount);
  const openingsOf = (j: number): number[] => {
    const all = world.size('opening');
    const found: number[] = [];
    for (let o = j; o < all && found.length < 5; o += jobCount) if (openingJobOf(o) === j) found.push(o);
    if (j + 1 < jobCount && statusOf(j + 1) === 'Draft') {
      for (let o = j + 1; o < all && found.length < 5; o += jobCount) found.push(o);
    }
    return found;
  };
  const opening = (o: number, version: number): Row => {
    const b = world.base('opening', o);
    const j = openingJobOf(o);
    const created =
      o < world.size('opening')
        ? Math.min(END_MS - 3 * DAY_MS, createdMs(j) + (roll(b, 1) % (45 * DAY_MS)))
        : world.createdMs('opening', o);
    const closed = created + DAY_MS + 15 * DAY_MS + (roll(b, 2) % (110 * DAY_MS));
    const planned = word(OPENING_STATES, b);
    const state =
      (planned === 'Filled' || planned === 'Closed') && closed > Math.max(END_MS, created) ? 'Open' : planned;
    const archived = b % 8 === 3;
    const row: Row = { id: world.id('opening', o) };
    if (state !== 'Draft') row['openedAt'] = iso(created + DAY_MS);
    if (state === 'Closed' || state === 'Filled') {
      row['closedAt'] = iso(closed);
      row['closeReasonId'] = world.pickId('closeReason', b >>> 4);
    } else if (b % 2) row['closedAt'] = null;
    row['isArchived'] = archived;
    if (archived) row['archivedAt'] = iso(created + 60 * DAY_MS);
    row['openingState'] = state;
    row['latestVersion'] = {
      id: world.id('version', o * 4 + 1),
      identifier: `REQ-${1000 + o}`,
      description: mark(`Opening for ${titleOf(j)}`, version),
      authorId: world.pickId('user', b >>> 6),
      createdAt: iso(world.updatedMs('opening', o, version)),
      ...(b % 3 ? { teamId: world.id('department', departmentOf(j)) } : {}),
      jobIds: [world.id('job', j)],
      ...(b % 2
        ? {
            targetHireDate: day(created + (30 + (b % 60)) * DAY_MS),
            targetStartDate: day(created + (75 + (b % 60)) * DAY_MS),
          }
        : {}),
      isBackfill: b % 4 === 0,
      employmentType: word(EMPLOYMENT, b >>> 8),
      locationIds: [world.id('location', locationOf(j))],
      hiringTeam: team(j),
      customFields: parts.fieldPool('Opening', b),
    };
    return row;
  };
  const openingsJson = memo(3000, (j) => JSON.stringify(openingsOf(j).map((o) => opening(o, 0))));

  const postingJobOf = (p: number): number => p % jobCount;
  const postingDraft = (p: number): boolean => p % 7 === 3;
  const postingsOf = (j: number, drafts: boolean): string[] => {
    const found: string[] = [];
    for (let p = j; p < world.size('jobPosting'); p += jobCount)
      if (drafts || !postingDraft(p)) found.push(world.id('jobPosting', p));
    return found;
  };
  const postingIdOf = (j: number): string => world.id('jobPosting', j % world.size('jobPosting'));
  const tiers = (owner: number): Row[] => [
    {
      id: world.id('tier', owner * 4),
      ...(owner % 4 === 1 ? {} : { title: 'Zone A' }),
      additionalInformation: owner % 3 ? 'Plus benefits' : null,
      components: ['Salary', 'EquityPercentage', 'EquityCashValue', 'Commission', 'Bonus']
        .slice(0, 1 + (owner % 5))
        .map((type, k) => ({
          compensationType: type,
          interval: k === 0 ? '1 YEAR' : 'NONE',
          ...(type === 'EquityPercentage' ? {} : { currencyCode: 'EUR' }),
          ...(k % 2 ? { label: 'Variable' } : {}),
          minValue: k === 2 ? null : 50_000 + owner,
          maxValue: k === 2 ? null : 70_000 + owner,
          summary: '€50K – €70K',
          id: world.id('tier', owner * 64 + 8 + k),
        })),
      tierSummary: '€50K – €70K',
    },
  ];

  const job = (j: number, version: number, body: Body): Row => {
    const b = world.base('job', j);
    const status = statusOf(j);
    const created = createdMs(j);
    const row: Row = {
      id: world.id('job', j),
      title: mark(titleOf(j), version),
      confidential: j % 10 === 9,
      status,
      employmentType: word(EMPLOYMENT, b),
    };
    if (j % 5 !== 4) row['locationId'] = world.id('location', locationOf(j));
    if (j % 7 !== 6) row['departmentId'] = world.id('department', departmentOf(j));
    if (j % 9 !== 8) row['defaultInterviewPlanId'] = world.id('interviewPlan', planOf(j));
    row['interviewPlanIds'] = [world.id('interviewPlan', planOf(j))];
    row['customFields'] = parts.fieldPool('Job', roll(b, 8));
    row['jobPostingIds'] = postingsOf(j, body['includeUnpublishedJobPostingsIds'] === true);
    if (j % 4 !== 3) row['customRequisitionId'] = j % 4 === 1 ? null : `R-${2000 + j} / ${word(['a', 'b'], j)}`;
    if (j % 3 !== 2) row['brandId'] = j % 3 ? null : world.pickId('brand', j);
    row['hiringTeam'] = team(j);
    row['author'] = parts.user(world.pick('user', roll(b, 9)));
    row['createdAt'] = iso(created);
    row['updatedAt'] = iso(version ? world.updatedMs('job', j, version) : world.laterMs(created, roll(b, 11), 200));
    if (status !== 'Draft') row['openedAt'] = iso(created + DAY_MS);
    if (status === 'Closed' || status === 'Archived') row['closedAt'] = iso(closedMs(j));
    if (has(body['expand'], 'location') && j % 5 !== 4) row['location'] = parts.location(locationOf(j));
    if (has(body['expand'], 'openings')) row['openings'] = openingsOf(j).map((o) => opening(o, 0));
    if (j % 2 === 0) row['compensation'] = { compensationTiers: tiers(j) };
    return row;
  };

  const postingBoards = (p: number): number[] => (p % 9 === 8 ? [2] : p % 5 === 4 ? [1] : p % 3 === 0 ? [0, 1] : [0]);
  const posting = (p: number, version: number): Row => {
    const b = world.base('jobPosting', p);
    const j = postingJobOf(p);
    const l = locationOf(j);
    const id = world.id('jobPosting', p);
    const row: Row = {
      id,
      title: mark(titleOf(j), version),
      jobId: world.id('job', j),
      departmentName: parts.departmentName(departmentOf(j)),
      teamName: parts.departmentName(departmentOf(j)),
      locationName: parts.locationName(l),
      locationIds: {
        primaryLocationId: world.id('location', l),
        secondaryLocationIds: p % 3 ? [] : [world.pickId('location', b >>> 4)],
      },
      employmentType: word(EMPLOYMENT, world.base('job', j)),
      isListed: p % 6 !== 1,
      publishedDate: postingDraft(p) ? null : day(world.createdMs('jobPosting', p)),
      applyLink: `https://jobs.example.com/${id}/application`,
      shouldDisplayCompensationOnJobBoard: p % 2 === 0,
      updatedAt: iso(world.updatedMs('jobPosting', p, version)),
      status: postingDraft(p) ? 'Draft' : 'Published',
    };
    if (p % 4 !== 1) row['workplaceType'] = p % 4 === 2 ? null : word(WORKPLACE, p);
    if (p % 3 === 0) row['applicationDeadline'] = iso(world.createdMs('jobPosting', p) + 200 * DAY_MS);
    if (p % 2 === 0) row['externalLink'] = `https://jobs.example.com/${id}`;
    if (p % 2 === 0) row['compensationTierSummary'] = '€50K – €70K';
    if (p % 3 !== 2) row['locationExternalName'] = p % 3 ? null : `${parts.locationName(l)} office`;
    return row;
  };
  const jobTemplate = (t: number, version: number, body: Body): Row => ({
    id: world.id('jobTemplate', t),
    title: mark(`${word(TITLES, t)} template`, version),
    status: t % 4 === 3 ? 'Inactive' : 'Active',
    ...(t % 3 === 2
      ? {}
      : { locationId: world.id('location', locationOf(t)), departmentId: world.id('department', departmentOf(t)) }),
    ...(t % 4 === 2 ? {} : { defaultInterviewPlanId: world.id('interviewPlan', planOf(t)) }),
    interviewPlanIds: [world.id('interviewPlan', planOf(t))],
    createdAt: iso(world.createdMs('jobTemplate', t)),
    updatedAt: iso(world.updatedMs('jobTemplate', t, version)),
    ...(has(body['expand'], 'location') && t % 3 !== 2 ? { location: parts.location(locationOf(t)) } : {}),
  });

  return {
    statusOf,
    openable,
    openAt,
    createdMs,
    closedMs,
    openingsOf,
    planOf,
    titleOf,
    locationOf,
    departmentOf,
    embeddedJson,
    team,
    teamJson,
    openingJobOf,
    opening,
    openingsJson,
    postingJobOf,
    postingDraft,
    postingBoards,
    postingIdOf,
    posting,
    job,
    jobTemplate,
    tiers,
  };
}
