import type { AirbyteStream } from '../protocol/messages.ts';
import { isIncremental, STAMP_FIELD, type StreamDefinition } from './definition.ts';

/** How the catalog offers a stream. */
export function catalogEntry(stream: StreamDefinition, schema: Record<string, unknown>): AirbyteStream {
  const common = { name: stream.name, json_schema: schema, source_defined_primary_key: [[stream.primaryKey]] };
  if (!isIncremental(stream)) return { ...common, supported_sync_modes: ['full_refresh'] };
  return {
    ...common,
    supported_sync_modes: ['full_refresh', 'incremental'],
    source_defined_cursor: true,
    default_cursor_field: [STAMP_FIELD],
    is_resumable: true,
  };
}
