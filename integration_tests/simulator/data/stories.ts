/** What becomes of an application: which stages it stood in, from when to when, and how it ended. */

import { memo, END_MS, type World } from '../world.ts';
import { chance, type Arrivals } from './arrivals.ts';
import type { Jobs } from './jobs.ts';

const DAY_MS = 86_400_000;
/** Half of the stays in each stage are shorter than this, in days, before a team's pace. */
const MEDIAN_DAYS = [6, 2.5, 4, 7, 4.5, 4];
const REVIEW = 1;
const SCREEN = 2;
const ONSITE = 3;
const OFFER = 5;
const HIRED = 6;
const ARCHIVED = 7;
/** Most visits an application can have, so that the ids of its history never meet another's. */
export const MOST_VISITS = 16;

/** A stay in a stage. `stage` is an index into STAGES. */
export interface Visit {
  plan: number;
  stage: number;
  enteredMs: number;
  /** Absent while it lasts. */
  leftMs?: number;
}
export interface Story {
  visits: readonly Visit[];
  /** Who ended it, for what was archived at last. */
  endedBy: 'organisation' | 'candidate';
}

export type Stories = ReturnType<typeof makeStories>;

export function makeStories(world: World, jobs: Jobs, arrivals: Arrivals) {
  /** How slow a department is: most are near 1, some take twice as long. */
  const paceOf = memo(500, (department: number) => 0.6 + 1.6 * chance(world.base('department', department), 77) ** 2);

  /** A stay in days: a long tail to the right, and one in forty far out. */
  const stayDays = (b: number, stage: number): number => {
    const salt = 200 + stage * 8;
    const bell = (chance(b, salt) + chance(b, salt + 1) + chance(b, salt + 2) + chance(b, salt + 3) - 2) * 1.73;
    return (MEDIAN_DAYS[stage] ?? 1) * Math.exp(0.8 * bell) * (chance(b, salt + 4) < 0.025 ? 6 : 1);
  };

  const tell = (a: number): Story => {
    const b = world.base('application', a);
    const createdMs = arrivals.createdMs(a);
    const untilMs = Math.max(END_MS, createdMs);
    const job = arrivals.jobOf(a);
    const plan = jobs.planOf(job);
    const pace = paceOf(jobs.departmentOf(job));
    const reach = arrivals.reachOf(a);

    const path = [0, 1, 2, 3, 4, 5].filter((stage) => stage <= reach && (stage > 0 || arrivals.isSourced(a)));
    if (reach >= 4 && chance(b, 300) < 0.1) path.splice(path.indexOf(ONSITE), 1); // goes without the onsite
    const plannedMs = path.map((stage) => Math.max(900_000, Math.floor(stayDays(b, stage) * pace * DAY_MS)));
    // Whoever has interviews or an offer got there before the data ends, however late the application came.
    const must = reach === OFFER ? OFFER : SCREEN;
    const neededMs = plannedMs.reduce((sum, ms, n) => sum + ((path[n] ?? 0) < must ? ms : 0), 0);
    const hurry = reach >= SCREEN ? Math.min(1, (0.8 * (untilMs - createdMs)) / Math.max(1, neededMs)) : 1;

    const visits: Visit[] = [];
    let atMs = createdMs;
    /** Adds a stay of `ms`, and lasts for ever without it; answers whether it has ended by the end of the data. */
    const stay = (stage: number, ms?: number, inPlan = plan): boolean => {
      const leftMs = ms === undefined ? Infinity : atMs + Math.floor(ms);
      const ended = leftMs <= untilMs;
      visits.push({ plan: inPlan, stage, enteredMs: atMs, ...(ended ? { leftMs } : {}) });
      if (ended) atMs = leftMs;
      return ended;
    };

    const plans = world.size('interviewPlan');
    const oldPlan = plans > 1 && reach >= SCREEN && chance(b, 301) < 0.06 ? (plan + 1) % plans : plan;
    const slips = reach >= SCREEN && chance(b, 302) < 0.06;
    const recent = createdMs > END_MS - 150 * DAY_MS;
    const forgotten = reach < OFFER && chance(b, 303) < (recent ? 0.25 : 0.03);
    const reopened = !slips && reach > 0 && chance(b, 304) < 0.06;
    const hired = reach === OFFER && chance(b, 305) < 0.78;
    const endedBy = chance(b, 306) < (reach === OFFER ? 0.65 : 0.22) ? 'candidate' : 'organisation';
    const told = (): Story => ({ visits, endedBy });

    if (reach === 0) {
      stay(0);
      return told();
    }
    for (const [n, stage] of path.entries()) {
      const last = n === path.length - 1;
      const ms = (plannedMs[n] ?? 0) * hurry;
      const inPlan = stage <= SCREEN ? oldPlan : plan;
      if (slips && stage === REVIEW) {
        // Dragged to the wrong column, and back within the minute.
        const aside = (15 + 30 * chance(b, 307)) * 1000;
        if (!stay(stage, ms * 0.7, inPlan) || !stay(ONSITE, aside * hurry, inPlan)) return told();
        if (!stay(stage, ms * 0.3, inPlan)) return told();
      } else if (stage === SCREEN && oldPlan !== plan) {
        if (!stay(stage, ms * 0.4, oldPlan)) return told();
        if (!stay(stage, last && forgotten ? undefined : ms * 0.6)) return told();
      } else if (!stay(stage, last && forgotten ? undefined : ms, inPlan)) return told();
    }
    if (reopened) {
      if (!stay(ARCHIVED, (2 + 50 * chance(b, 308)) * DAY_MS)) return told();
      if (!stay(reach, stayDays(b, 6) * 3 * pace * DAY_MS)) return told();
    }
    stay(hired ? HIRED : ARCHIVED);
    return told();
  };
  const story = memo(4096, tell);

  /** The stays at a version: each of the first three changes moves the application on, or aside and back. */
  const visitsOf = (a: number, version: number): readonly Visit[] => {
    const { visits } = story(a);
    if (version === 0) return visits;
    const moved = visits.map((visit) => ({ ...visit }));
    const move = (stage: number, atMs: number): void => {
      const last = moved.at(-1) as Visit;
      last.leftMs = atMs;
      moved.push({ plan: last.plan, stage, enteredMs: atMs });
    };
    for (let v = 1; v <= Math.min(version, 3); v++) {
      const atMs = world.updatedMs('application', a, v);
      const { stage } = moved.at(-1) as Visit;
      if (stage >= REVIEW && stage <= OFFER) move(stage < OFFER ? stage + 1 : stage - 1, atMs);
      else {
        move(stage === 0 ? REVIEW : stage === HIRED ? OFFER : arrivals.reachOf(a), atMs - 20_000);
        move(stage, atMs);
      }
    }
    return moved;
  };

  return { story, visitsOf, paceOf };
}
