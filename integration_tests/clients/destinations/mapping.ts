/**
 * The column types that destinations make of a field, as Airbyte documents them: the data type maps on the pages of
 * its Snowflake, BigQuery and Postgres destinations (August 2026). For DuckDB, that of PyAirbyte 0.71, which the
 * client tests see with their own eyes.
 */

export type Schema = Record<string, unknown>;

export const DESTINATIONS = ['Snowflake', 'BigQuery', 'Postgres', 'DuckDB'] as const;
export type Destination = (typeof DESTINATIONS)[number];

/** Airbyte's name of each type that the schemas use. */
export const TYPES = {
  string: { Snowflake: 'TEXT', BigQuery: 'STRING', Postgres: 'VARCHAR', DuckDB: 'VARCHAR' },
  timestamp_with_timezone: {
    Snowflake: 'TIMESTAMP_TZ',
    BigQuery: 'TIMESTAMP',
    Postgres: 'TIMESTAMP WITH TIME ZONE',
    DuckDB: 'TIMESTAMP',
  },
  date: { Snowflake: 'DATE', BigQuery: 'DATE', Postgres: 'DATE', DuckDB: 'DATE' },
  boolean: { Snowflake: 'BOOLEAN', BigQuery: 'BOOL', Postgres: 'BOOLEAN', DuckDB: 'BOOLEAN' },
  integer: { Snowflake: 'NUMBER', BigQuery: 'INT64', Postgres: 'BIGINT', DuckDB: 'BIGINT' },
  number: { Snowflake: 'FLOAT', BigQuery: 'NUMERIC', Postgres: 'DECIMAL', DuckDB: 'DECIMAL(38,9)' },
  object: { Snowflake: 'OBJECT', BigQuery: 'JSON', Postgres: 'JSONB', DuckDB: 'JSON' },
  array: { Snowflake: 'ARRAY', BigQuery: 'JSON', Postgres: 'JSONB', DuckDB: 'JSON' },
} as const satisfies Record<string, Record<Destination, string>>;
export type AirbyteType = keyof typeof TYPES;

/** Airbyte's type of a field. Throws where destinations would have to guess, since guesses become text or nothing. */
export function airbyteType(field: Schema): AirbyteType {
  const declared = Array.isArray(field['type']) ? field['type'].map(String) : [String(field['type'])];
  const [type, ...others] = declared.filter((name) => name !== 'null');
  if (type === undefined || others.length > 0)
    throw new Error(`the types ${declared.join(', ')} are not one column type`);
  if ('oneOf' in field || 'anyOf' in field || 'allOf' in field)
    throw new Error('a choice of schemas is no column type');
  const { format, airbyte_type: precise } = field;
  if (type === 'string' && format === 'date-time') {
    if (precise !== 'timestamp_with_timezone') throw new Error('a moment must say that it has a time zone');
    return 'timestamp_with_timezone';
  }
  if (type === 'string' && format === 'date') return 'date';
  if (format !== undefined || precise !== undefined)
    throw new Error(`the format ${String(format ?? precise)} is not mapped`);
  if (!(type in TYPES) || type === 'date') throw new Error(`the type ${type} is not mapped`);
  return type as AirbyteType; // checked in the line above
}

/** The columns of a table, in the order of its schema. */
export function columnsOf(schema: Schema): { field: string; type: AirbyteType }[] {
  return Object.entries((schema['properties'] ?? {}) as Record<string, Schema>).map(([field, part]) => ({
    field,
    type: airbyteType(part),
  }));
}
