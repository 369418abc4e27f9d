import { readdirSync, readFileSync } from 'node:fs';
import { columnsOf, DESTINATIONS, TYPES, type AirbyteType, type Schema } from './mapping.ts';

const root = new URL('../../../', import.meta.url);

export const PAGE = new URL('docs/destinations.md', root);

export function schemas(): { name: string; schema: Schema }[] {
  return readdirSync(new URL('schemas/', root))
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      schema: JSON.parse(readFileSync(new URL(`schemas/${file}`, root), 'utf8')) as Schema,
    }));
}

/** docs/destinations.md, made from the schemas. */
export function page(): string {
  const tables = schemas().map(({ name, schema }) => ({ name, columns: columnsOf(schema) }));
  const used = Object.keys(TYPES).filter((type) =>
    tables.some(({ columns }) => columns.some((column) => column.type === type)),
  ) as AirbyteType[];
  return `<!-- Generated from schemas/ by integration_tests/clients/destinations/main.ts; a test fails when it is stale. -->

# Column types in your warehouse

What the tables of this connector look like after Airbyte has loaded them, by the type maps that Airbyte documents for its Snowflake, BigQuery and Postgres destinations. DuckDB is what PyAirbyte makes; the tests of this repository load it and compare every value.

${table(
  ['Type', ...DESTINATIONS],
  used.map((type) => [`\`${type}\``, ...DESTINATIONS.map((destination) => TYPES[type][destination])]),
)}

- **Nothing is lost on the way.** Each column has exactly one type. Objects and lists stay whole as JSON; in them, also fields that Ashby adds later. New fields at the top level wait for a release of the connector that declares them.
- **Moments** are in UTC. DuckDB's TIMESTAMP has no zone of its own; read it as UTC.
- **Numbers** in BigQuery and DuckDB, and in Postgres by default, have 29 digits before and 9 behind the point. Snowflake's FLOAT is the number that JSON carries.
- **Names.** Snowflake shows column names in capitals, PyAirbyte in small letters (\`createdAt\` becomes \`createdat\`); the others keep them. No two columns of a table differ in case alone.
- **Keys** are in one column of type \`string\`, and never empty: \`id\`, or the column that [streams.md](streams.md) names.

${tables.map(({ name, columns }) => section(name, columns)).join('\n')}`;
}

function section(name: string, columns: { field: string; type: AirbyteType }[]): string {
  const rows = columns.map(({ field, type }) => [
    `\`${field}\``,
    ...DESTINATIONS.map((destination) => TYPES[type][destination]),
  ]);
  return `## ${name}\n\n${table(['Column', ...DESTINATIONS], rows)}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
