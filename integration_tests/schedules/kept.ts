/** Schedules that failed once, as `npm run schedules` printed them; each is played in every test run. */

import type { Schedule } from './schedule.ts';

export const KEPT: readonly (readonly [string, Schedule])[] = [
  [
    'a fan-out that goes on in its midst behind a parent that changed, with an expired token',
    {
      groups: 200,
      paceMs: 2_000,
      maxPages: 200,
      steps: [
        { do: 'run', without: 0, strikes: [], moments: [], seen: 1000, state: 205 },
        { do: 'change', list: 'application.list', count: 5 },
        { do: 'expireTokens' },
      ],
    },
  ],
  [
    'a journal that is gone on with after every line was lost',
    {
      groups: 128,
      paceMs: 31_000,
      maxPages: 200,
      steps: [
        { do: 'run', without: 0, strikes: [], moments: [], seen: 0, state: 0 },
        { do: 'run', without: 0, strikes: [], moments: [], seen: 1000, state: 1000 },
        { do: 'change', list: 'auditLog.list', count: 1 },
        { do: 'run', without: 0, strikes: [], moments: [], seen: 1000, state: 1000 },
      ],
    },
  ],
];
