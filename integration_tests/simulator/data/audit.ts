/** The audit log: entries of about four years, some of them written in the same instant. */

import { iso, roll, END_MS, type World } from '../world.ts';
import { awkward, word } from '../words.ts';
import type { Row } from '../types.ts';
import { mark } from './jobs.ts';

const AUDIT_START_MS = Date.UTC(2022, 10, 1);

/** What `actor.type` was seen to be; the vocabulary page names these eight. */
const ACTORS = ['User', 'Automation', 'Other', 'ApiUser', 'Support', 'Candidate', 'Operations', 'System'];
/** The fixed vocabulary that this made-up organisation uses; a filter with any other value is refused. */
export const AUDIT_CATEGORIES = ['Job', 'User', 'ApiKey', 'Candidate'] as const;

export type Audit = ReturnType<typeof makeAudit>;

export function makeAudit(world: World) {
  /**
   * When an entry was written. Three of five follow one another, two share the instant of the one before them, as a
   * bulk edit does. Entries made later say themselves when they were written, which may be anywhere.
   */
  const ms = (n: number): number => {
    const count = world.size('auditLog');
    if (n >= count) return world.createdMs('auditLog', n);
    const together = n % 5 < 3 ? n - (n % 5) : n;
    return AUDIT_START_MS + Math.floor(((together + 1) * (END_MS - AUDIT_START_MS)) / (count + 1));
  };

  const target = (category: (typeof AUDIT_CATEGORIES)[number], random: number): string =>
    category === 'Job'
      ? world.pickId('job', random)
      : category === 'User'
        ? world.pickId('user', random)
        : category === 'Candidate'
          ? world.pickId('candidate', random)
          : world.id('request', random % 16);

  const row = (n: number, version: number): Row => {
    const b = world.base('auditLog', n);
    const u = world.pick('user', b);
    const kind = word(ACTORS, b >>> 4);
    const category = word(AUDIT_CATEGORIES, b);
    return {
      id: world.id('auditLog', n),
      timestamp: iso(ms(n)),
      category,
      description: mark(awkward(roll(b, 1)) ?? 'Something was changed.', version),
      actor:
        kind === 'User'
          ? { type: kind, id: world.id('user', u), email: `user${u}@example.com`, name: `User ${u}` }
          : { type: kind, id: null, email: null, name: kind === 'Other' ? null : 'Nightly job' },
      target: { type: category, id: target(category, b >>> 6) },
      request: b % 3 ? { id: world.id('request', n), ipAddress: '203.0.113.9' } : null,
      parentAction: b % 4 ? null : { id: world.id('request', n + 1), type: 'Bulk', name: 'Bulk edit' },
      ...(b % 2 ? { changedFields: { title: { from: 'a', to: 'b' } } } : {}),
    };
  };

  return { ms, row };
}
