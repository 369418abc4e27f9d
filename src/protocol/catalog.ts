import { ConnectorError } from '../errors.ts';
import type { SyncMode } from './messages.ts';

/** One entry of the configured catalog. `syncMode` is undefined where it is none that the protocol knows. */
export interface ConfiguredStream {
  name: string;
  syncMode: SyncMode | undefined;
}

/**
 * Reads a configured catalog. Cursor fields, keys, generation ids and destination modes concern others and are
 * ignored, null or not. Throws a `config_error` where it is no catalog, or names a stream twice.
 */
export function parseCatalog(value: unknown): ConfiguredStream[] {
  const entries = field(value, 'streams');
  if (!Array.isArray(entries)) throw catalogError('it has no list "streams"');
  const names = new Set<string>();
  return entries.map((entry: unknown, index) => {
    const name = field(field(entry, 'stream'), 'name');
    if (typeof name !== 'string' || name === '') throw catalogError(`entry ${index} of "streams" has no "stream.name"`);
    if (names.has(name)) throw catalogError(`it selects the stream "${name}" twice`);
    names.add(name);
    const mode = field(entry, 'sync_mode');
    return { name, syncMode: mode === 'full_refresh' || mode === 'incremental' ? mode : undefined };
  });
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
