import type { AshbyClient } from '../ashby/client.ts';
import type { Table } from '../tables/definition.ts';
import { streams } from '../tables/table.ts';
import { findAccess, nothingReadable, readable, type Access } from './access.ts';
import { refusalOf } from './features.ts';

/** What a key may read in this account, table by table. */
export interface Offer {
  access: Access;
  /** The tables that can be read. */
  tables: Table[];
  /** Those of a paid or beta feature that Ashby refuses to this account, with its reason. */
  refused: { table: Table; refusal: string }[];
}

/**
 * Finds out which tables the key can read in this account. Throws for a bad key, for one that may read nothing, and when
 * Ashby cannot be asked just now: an offer made from half an answer would leave out tables.
 */
export async function findOffer(client: AshbyClient): Promise<Offer> {
  const access = await findAccess(client);
  if (access.allowed.size === 0) throw nothingReadable();
  const looks = streams
    .filter((table) => readable(table, access))
    .map(async (table) => ({ table, refusal: table.mayBeAbsent ? await refusalOf(table, client) : undefined }));
  const looked = await Promise.all(looks);
  return {
    access,
    tables: looked.filter(({ refusal }) => refusal === undefined).map(({ table }) => table),
    refused: looked.flatMap(({ table, refusal }) => (refusal === undefined ? [] : [{ table, refusal }])),
  };
}

/** One line for each table that is left out since the account lacks its feature. */
export function refusedLines({ refused }: Offer): string[] {
  return refused.map(
    ({ table, refusal }) =>
      `${table.name} is left out: it belongs to a paid or beta feature, and Ashby refuses it to this account (${refusal}).`,
  );
}
