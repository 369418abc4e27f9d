/** What follows the rows in a list's answer. */

import type { Endpoint } from './endpoints.ts';
import type { Page } from './pager.ts';
import type { SimulatorOptions } from './types.ts';

type Says = Pick<SimulatorOptions, 'openingsSayMore' | 'unpagedSayMore'>;

/** Whether an answer holds `moreDataAvailable`: as documented, or as answers recorded live do. */
function saysMore(endpoint: Endpoint, page: Page, options: Says): boolean {
  if (endpoint.name === 'opening.list') return options.openingsSayMore;
  return endpoint.saysMore || page.more || (options.unpagedSayMore && endpoint.name !== 'jobPosting.list');
}

/** The fields after the results, each with a comma before it. */
export function envelope(endpoint: Endpoint, page: Page, options: Says): string {
  let text = '';
  if (saysMore(endpoint, page, options)) text += `,"moreDataAvailable":${page.more}`;
  if (page.nextCursor !== undefined) text += `,"nextCursor":"${page.nextCursor}"`;
  if (page.syncToken !== undefined) text += `,"syncToken":"${page.syncToken}"`;
  return text;
}
