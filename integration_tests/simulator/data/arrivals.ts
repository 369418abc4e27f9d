/** How an application comes in: when, for which job, how far it will get, and through which source. */

import { roll, END_MS, type World } from '../world.ts';
import type { Jobs } from './jobs.ts';
import type { Parts } from './parts.ts';

const DAY_MS = 86_400_000;

/** A number from 0 up to 1, always the same for a row and a salt. */
export const chance = (base: number, salt: number): number => roll(base, salt) / 2 ** 32;

/**
 * What each of the first sources is like: how many come through it without a link, and how much likelier those who
 * come through it, with or without a link, are to get an offer.
 */
const SOURCE_CHARACTER: readonly (readonly [applications: number, promise: number])[] = [
  [0, 1.1], // Newsletter Advert
  [0, 0.5], // Campus Fair
  [0, 2.4], // Podcast Sponsorship
  [0, 3.2], // Community Meetup
  [0, 0.12], // Billboard Riverside
  [0, 1.9], // Alumni Mailing
  [26, 0.7], // LinkedIn
  [22, 1], // Company Website
  [4, 3], // Referral
  [13, 0.35], // Job Board Alpha
  [8, 0.5], // Job Board Beta
  [10, 1.5], // Sourced by Recruiter
  [4, 1.2], // Agency North
  [3, 0.6], // Agency South
  [1.5, 4], // Internal Move
  [2, 2.2], // Open Source Contributors
  [1, 1.4], // Hackathon
  [3, 0.4], // Social Media
  [4, 0.5], // Search Advert
];
const RECRUITER_SOURCE = 11;
const REFERRAL_SOURCE = 8;

export type Arrivals = ReturnType<typeof makeArrivals>;

export function makeArrivals(world: World, parts: Parts, jobs: Jobs) {
  const total = world.size('application');
  const schedules = world.size('interviewSchedule');
  const offers = world.size('offer');
  const referrals = world.size('referral');
  const candidates = world.size('candidate');
  /** A few candidates have no application. */
  const applicants = Math.max(1, Math.ceil(candidates * 0.96));

  /** Whose application it was when it was made. */
  const applicantOf = (a: number): number =>
    a < total ? Math.floor((a * applicants) / total) : world.base('application', a) % candidates;
  /** Applications of a candidate: from inclusive, to exclusive. Inserted ones are not counted. */
  const ofCandidate = (c: number): [number, number] =>
    c >= applicants
      ? [0, 0]
      : [Math.ceil((c * total) / applicants), Math.min(total, Math.ceil(((c + 1) * total) / applicants))];

  /** The `n`-th of `count` rows spread evenly over the applications. */
  const spread = (n: number, count: number): number =>
    n < count ? Math.min(total - 1, Math.floor((n * total) / count)) : n % total;
  /** The rows among `count` that `spread` gives to an application: from inclusive, to exclusive. */
  const spreadOn = (a: number, count: number): [number, number] => [
    Math.ceil((a * count) / total),
    Math.ceil(((a + 1) * count) / total),
  ];
  const scheduleApplication = (s: number): number => spread(s, schedules);
  /** Offers go to people who were interviewed. */
  const offerApplication = (o: number): number =>
    o < offers ? scheduleApplication(Math.floor((o * schedules) / offers)) : o % total;
  const isInterviewed = (a: number): boolean => {
    const [from, to] = spreadOn(a, schedules);
    return a < total && from < to;
  };
  const getsOffer = (a: number): boolean => {
    if (!isInterviewed(a)) return false;
    const [from, to] = spreadOn(a, schedules);
    return Math.floor((Math.ceil((from * offers) / schedules) * schedules) / offers) < to;
  };
  const isReferral = (a: number): boolean => {
    const [from, to] = spreadOn(a, referrals);
    return a < total && from < to;
  };

  const createdMs = (a: number): number => {
    const own = world.createdMs('application', a);
    if (own > END_MS) return own;
    const delay = chance(world.base('application', a), 7) ** 4 * 90 * DAY_MS;
    return Math.min(END_MS, world.createdMs('candidate', applicantOf(a)) + Math.floor(delay));
  };
  const jobOf = (a: number): number => jobs.openAt(createdMs(a), chance(world.base('application', a), 2));

  /** The last of the stages before an end that an application gets to, as an index into STAGES; 0 for a lead that stays one. */
  const reachOf = (a: number): number => {
    if (getsOffer(a)) return 5;
    const u = chance(world.base('application', a), 1);
    if (isInterviewed(a)) return u < 0.52 ? 2 : u < 0.84 ? 3 : 4;
    return u < 0.13 ? 0 : 1;
  };

  /** Chooses one of many by weight; those who get far weigh a promising one more. */
  const chooser = (count: number, weights: (n: number) => readonly [number, number]) => {
    const sums = [false, true].map((far) => {
      let sum = 0;
      return Array.from({ length: count }, (_, n) => {
        const [weight, promise] = weights(n);
        return (sum += weight * (far ? promise : 1));
      });
    });
    return (u: number, far: boolean): number => {
      const sum = sums[Number(far)] as number[];
      const at = u * (sum.at(-1) ?? 0);
      return Math.max(
        0,
        sum.findIndex((upTo) => at < upTo),
      );
    };
  };
  const sourceCharacter = (s: number): readonly [number, number] => SOURCE_CHARACTER[s] ?? [0.4, 1];
  const chooseSource = chooser(world.size('source'), (s) => (world.size('source') <= 6 ? [1, 1] : sourceCharacter(s)));
  /** Links differ in how many people they bring, and in what becomes of them. */
  const chooseLink = chooser(world.size('sourceTrackingLink'), (link) => [
    1 + 5 * chance(0x11d, link),
    sourceCharacter(parts.linkSource(link))[1] * (0.6 + 0.8 * chance(0x11e, link)),
  ]);

  /** The tracking link that an application came through, or -1. */
  const linkOf = (a: number): number => {
    const b = world.base('application', a);
    if (isReferral(a) || reachOf(a) === 0) return -1;
    return chance(b, 4) < 0.22 ? chooseLink(chance(b, 5), getsOffer(a)) : -1;
  };
  const sourceOf = (a: number): number => {
    const b = world.base('application', a);
    const link = linkOf(a);
    if (link >= 0) return parts.linkSource(link);
    if (isReferral(a)) return Math.min(REFERRAL_SOURCE, world.size('source') - 1);
    if (reachOf(a) === 0) return Math.min(RECRUITER_SOURCE, world.size('source') - 1);
    return roll(b, 6) % 20 === 0 ? -1 : chooseSource(chance(b, 8), getsOffer(a));
  };
  /** Whether a recruiter wrote to the person first. */
  const isSourced = (a: number): boolean => reachOf(a) === 0 || sourceOf(a) === RECRUITER_SOURCE;

  return {
    applicantOf,
    ofCandidate,
    spread,
    spreadOn,
    scheduleApplication,
    offerApplication,
    createdMs,
    jobOf,
    reachOf,
    linkOf,
    sourceOf,
    isSourced,
  };
}
