/** Where a fault of the catalogue strikes: the requests that are hit, and the streams that live on them. */

import type { CatalogueEntry } from '../simulator/fault-catalogue.ts';
import type { FaultAim } from '../simulator/faults/effects.ts';

export interface Place {
  name: string;
  endpoint: string;
  /** The stream whose rows the request brings, read beside what it needs. */
  stream: string;
  /** Read in the same run; a fault at this place must not harm them. */
  siblings: readonly string[];
  /** Which request of the endpoint; absent: the first, and when the fault stays, each. */
  nth?: number;
  kinds: readonly CatalogueEntry['at'][];
}

/** 203 tags: pages of 100, 100 and 3. */
export const TABLES = { 'candidateTag.list': 203, 'candidate.list': 3, 'offer.list': 3 };

const TAGS = { endpoint: 'candidateTag.list', stream: 'candidate_tags', siblings: ['brands'] };

export const PLACES: readonly Place[] = [
  { name: 'first page', ...TAGS, nth: 1, kinds: ['any', 'list', 'page'] },
  { name: 'middle page', ...TAGS, nth: 2, kinds: ['any', 'list', 'page'] },
  { name: 'last page', ...TAGS, nth: 3, kinds: ['any', 'list', 'lastPage'] },
  {
    name: 'list without paging',
    endpoint: 'hiringTeamRole.list',
    stream: 'hiring_team_roles',
    siblings: ['brands'],
    kinds: ['any', 'list'],
  },
  {
    name: 'call for a list',
    endpoint: 'candidate.listNotes',
    stream: 'candidate_notes',
    siblings: ['candidates', 'brands'],
    nth: 2,
    kinds: ['any', 'list'],
  },
  {
    name: 'call for an object',
    endpoint: 'offer.info',
    stream: 'offer_details',
    siblings: ['offers', 'brands'],
    nth: 2,
    kinds: ['any', 'info'],
  },
];

export const placesOf = ({ at }: CatalogueEntry): readonly Place[] => PLACES.filter(({ kinds }) => kinds.includes(at));

/** Where the fault is aimed when it strikes there once, or from there on always. */
export function aimAt({ endpoint, nth = 1 }: Place, times: number): FaultAim {
  return { endpoint, nth, times };
}
