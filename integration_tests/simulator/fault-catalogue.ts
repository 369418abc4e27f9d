/**
 * Every fault that can be thrown at a request, as data: for tests that walk over it, and for the table in the docs.
 *
 *     for (const { effect } of FAULT_CATALOGUE) sim.fault({ ...effect, endpoint: 'job.list', nth: 2, times: Infinity });
 */

import { byteFaults } from './faults/catalogue/bytes.ts';
import { connectionFaults } from './faults/catalogue/connection.ts';
import type { CatalogueEntry } from './faults/catalogue/entry.ts';
import { envelopeFaults, refusalFaults } from './faults/catalogue/envelopes.ts';
import { pageFaults } from './faults/catalogue/pages.ts';
import { rowFaults, valueFaults } from './faults/catalogue/rows.ts';
import { statusFaults } from './faults/catalogue/statuses.ts';

export { GROUPS, type CatalogueEntry } from './faults/catalogue/entry.ts';

export const FAULT_CATALOGUE: readonly CatalogueEntry[] = [
  ...connectionFaults,
  ...byteFaults,
  ...statusFaults,
  ...refusalFaults,
  ...envelopeFaults,
  ...pageFaults,
  ...rowFaults,
  ...valueFaults,
];
