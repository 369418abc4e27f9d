/** Looks a row up by its id, as a key that may see it would. */

import type { Data } from './data/index.ts';
import type { TableName } from './tables.ts';
import { ApiError } from './types.ts';

const snake = (table: string): string => table.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Index of a living row by id; throws `<thing>_not_found`. */
export function find(data: Data, table: TableName, id: unknown): number {
  const index = data.world.index(table, id);
  if (data.world.state(table).has(index) && !data.world.vanished(String(id))) return index;
  throw new ApiError(`${snake(table)}_not_found`, `No ${table} with this id, or the API key may not see it`);
}
