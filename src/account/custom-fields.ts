import { newMeter, type AshbyClient } from '../ashby/client.ts';
import { AshbyError } from '../ashby/envelope.ts';
import { KEYS_PAGE, permissionName, type Permission } from '../ashby/permissions.ts';
import type { SourceWorld } from '../sources/ask.ts';
import { listBatches } from '../sources/list.ts';
import { EVERYTHING } from '../sources/place.ts';
import { customFieldOf, type CustomField } from '../tables/custom-fields/definition.ts';
import { MOST_COLUMNS, withCustomFields } from '../tables/custom-fields/offer.ts';
import type { Table } from '../tables/definition.ts';
import { findTable } from '../tables/lineage.ts';
import type { Access } from './access.ts';

export interface AccountWorld {
  client: AshbyClient;
  /** Undefined where it was not asked for: then the list itself says whether it may be read. */
  access: Access | undefined;
  warn(message: string): void;
}

/** A table's schema as this account has it. */
export type SchemaOf = (table: Table, schema: Record<string, unknown>) => Record<string, unknown>;

const NEEDED: Permission = 'hiringProcessMetadataRead';

/**
 * Asks for the definitions of the account's custom fields, archived ones included, and makes the function that adds
 * their columns to the schemas of these tables. A key that may not ask gets none, and a warning; whatever else goes
 * wrong is thrown, since a catalog without these columns would drop them.
 */
export async function accountSchemas(tables: readonly Table[], world: AccountWorld): Promise<SchemaOf> {
  const asks = tables.some(({ customFields }) => customFields);
  const fields = asks ? await definitions(world) : [];
  return (table, schema) => {
    const offer = withCustomFields(table, schema, fields);
    if (offer.left > 0) {
      world.warn(
        `${table.name}: ${offer.left} of its custom fields get no columns, since a table gets ${MOST_COLUMNS} at most; archived fields are left out first. Their values are in customFields.`,
      );
    }
    return offer.schema;
  };
}

async function definitions({ client, access, warn }: AccountWorld): Promise<CustomField[]> {
  if (access?.allowed.has(NEEDED) !== false) {
    try {
      return await askedFor({ client, meter: newMeter(), now: () => 0, warn });
    } catch (failure) {
      if (!mayNotAsk(failure)) throw failure;
    }
  }
  warn(
    `The API key lacks ${permissionName(NEEDED)}, so custom fields get no columns of their own and are in customFields alone; tick it ${KEYS_PAGE} if you want them.`,
  );
  return [];
}

async function askedFor(world: SourceWorld): Promise<CustomField[]> {
  const source = findTable('custom_fields')?.source;
  if (source?.kind !== 'list') throw new Error('custom fields are read from no list');
  const fields: CustomField[] = [];
  for await (const { rows } of listBatches({ source, idField: 'id', surveyType: undefined }, EVERYTHING, world))
    fields.push(...rows.map(({ value }) => customFieldOf(value)));
  return fields;
}

/** The key was found to work before, so status 403 is about this list. */
function mayNotAsk(failure: unknown): boolean {
  if (!(failure instanceof AshbyError)) return false;
  return failure.kind === 'permission' || (failure.kind === 'bad-key' && failure.status === 403);
}
