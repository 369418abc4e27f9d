import { loadSchema } from '../../src/assets.ts';
import type { Table } from '../../src/tables/definition.ts';
import { streams } from '../../src/tables/table.ts';

/*
 * Which column of a table names a row of another. The schemas say it in their descriptions, "joins to users.id", and
 * that is where it is taken from: what a reader is told and what is drawn cannot differ.
 */

export interface Join {
  column: string;
  table: string;
  to: string;
}

const JOINS_TO = /joins? to ([a-z_]+)\.([A-Za-z_]+)\b/;

/** The joins of a table's own columns; ids inside objects and lists are left to the tables that are made of them. */
export function joinsOf(stream: Table): Join[] {
  const properties = loadSchema(stream.name)['properties'] as Record<string, { description?: string }>; // our own files, tested
  return Object.entries(properties).flatMap(([column, { description = '' }]) => {
    const [, table = '', to = ''] = JOINS_TO.exec(description) ?? [];
    return table === '' || table === stream.name || !isScalar(properties[column]) ? [] : [{ column, table, to }];
  });
}

function isScalar(property: object | undefined): boolean {
  return property !== undefined && !('properties' in property) && !('items' in property);
}

/** Joins that lead to a table or a column that does not exist; for a test. */
export function brokenJoins(): string[] {
  return streams.flatMap((stream) =>
    joinsOf(stream)
      .filter(({ table, to }) => {
        const found = streams.find(({ name }) => name === table);
        return !found || !(to in (loadSchema(table)['properties'] as object));
      })
      .map(({ column, table, to }) => `${stream.name}.${column} to ${table}.${to}`),
  );
}
