import { ConnectorError } from '../errors.ts';
import type { SyncMode } from './messages.ts';

/** One entry of the configured catalog. `syncMode` is undefined where it is none that the protocol knows. */
export interface ConfiguredStream {
  name: string;
  syncMode: SyncMode | undefined;
  /** Whether the destination keeps one row for each key, and so acts on tombstones. */
  dedups: boolean;
  /** The columns that the configured schema has; others are dropped on the way to the destination. */
  columns: ReadonlySet<string>;
  /** What the configured schema says of each of them. */
  properties: Readonly<Record<string, unknown>>;
}

/** Longer names are no tables' names, and would be repeated in every message about the stream. */
const LONGEST_NAME = 255;

/**
 * Reads a configured catalog. Cursor fields, keys and generation ids concern others and are ignored, null or not. Throws a `config_error` where it is no catalog, or names a stream twice.
 */
export function parseCatalog(value: unknown): ConfiguredStream[] {
  if (field(value, 'type') === 'CATALOG') {
    throw catalogError('it is the CATALOG message that discover prints, which says what can be read, not how');
  }
  const entries = field(value, 'streams');
  if (!Array.isArray(entries)) throw catalogError('it has no list "streams"');
  const names = new Set<string>();
  return entries.map((entry: unknown, index) => {
    const name = field(field(entry, 'stream'), 'name');
    if (typeof name !== 'string' || name === '') {
      const bare = field(entry, 'json_schema') !== undefined;
      throw catalogError(
        bare
          ? 'its "streams" are as discover prints them, which says what can be read, not how'
          : `entry ${index} of "streams" has no "stream.name"`,
      );
    }
    if (name.length > LONGEST_NAME) {
      throw catalogError(`the "stream.name" of entry ${index} of "streams" has ${name.length} characters`);
    }
    if (names.has(name)) throw catalogError(`it selects the stream "${name}" twice`);
    names.add(name);
    const mode = field(entry, 'sync_mode');
    const properties = propertiesOf(field(field(entry, 'stream'), 'json_schema'));
    return {
      name,
      syncMode: mode === 'full_refresh' || mode === 'incremental' ? mode : undefined,
      dedups: field(entry, 'destination_sync_mode') === 'append_dedup',
      columns: new Set(Object.keys(properties)),
      properties,
    };
  });
}

function propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
  const properties = field(schema, 'properties');
  return typeof properties === 'object' && properties !== null ? { ...properties } : {};
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function catalogError(why: string): ConnectorError {
  return new ConnectorError(
    `The file given with --catalog is not a configured catalog: ${why}. Make one from the output of discover: {"streams": [{"stream": …, "sync_mode": "full_refresh", "destination_sync_mode": "append"}]}.`,
    { failureType: 'config_error' },
  );
}
