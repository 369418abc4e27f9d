/** Configured catalogs. */

export type Mode = 'full_refresh' | 'incremental';

/** A catalog that selects these streams, as small as the connector takes it. */
export function catalogOf(names: readonly string[], mode: Mode = 'incremental'): object {
  return {
    streams: names.map((name) => ({
      stream: {
        name,
        json_schema: { type: 'object', properties: {} },
        supported_sync_modes: ['full_refresh', 'incremental'],
      },
      sync_mode: mode,
      destination_sync_mode: 'append_dedup',
    })),
  };
}
