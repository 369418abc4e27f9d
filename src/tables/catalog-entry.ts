import type { AirbyteStream } from '../protocol/messages.ts';
import { STAMP_FIELD, type Table } from './definition.ts';
import { isIncremental } from './lineage.ts';

/** How the catalog offers a table. */
export function catalogEntry(table: Table, schema: Record<string, unknown>): AirbyteStream {
  const common = {
    name: table.name,
    json_schema: schema,
    source_defined_primary_key: table.key.map((column) => [column]),
  };
  if (!isIncremental(table)) return { ...common, supported_sync_modes: ['full_refresh'] };
  return {
    ...common,
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_cursor: true,
    default_cursor_field: [STAMP_FIELD],
    is_resumable: true,
  };
}
