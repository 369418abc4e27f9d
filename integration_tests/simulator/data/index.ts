/** All row builders of one made-up organisation. */

import { World } from '../world.ts';
import { makeApplications } from './applications.ts';
import { makeAudit } from './audit.ts';
import { makeConfig } from './config.ts';
import { makeExtras } from './extras.ts';
import { makeInterviews } from './interviews.ts';
import { makeJobs } from './jobs.ts';
import { makeParts } from './parts.ts';
import { makeCandidates } from './people.ts';

export type Data = ReturnType<typeof makeData>;

export function makeData(o: { seed: number; scale: number; tables: Record<string, number> }) {
  const world = new World(o);
  const parts = makeParts(world);
  const jobs = makeJobs(world, parts);
  const applications = makeApplications(world, parts, jobs);
  const candidates = makeCandidates(world, parts, applications);
  const config = makeConfig(world, parts);
  const interviews = makeInterviews(world, parts, jobs, applications, config);
  const extras = makeExtras({ world, parts, jobs, applications, interviews, config });
  return { world, parts, jobs, applications, candidates, config, interviews, extras, audit: makeAudit(world) };
}
