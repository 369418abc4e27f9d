import type { ReportSource, TableOf } from './definition.ts';

/** A report that the connection form names. */
export interface WantedReport {
  /** The id in Ashby, a UUID in lower case. */
  id: string;
  /** The table is called `report_` and this. */
  name: string;
}

/** How the name of every report's table begins. */
export const REPORT_PREFIX = 'report_';

/** What the connector adds to each row of a report: a key, the report's id, and when Ashby made it. */
export const REPORT_FIELDS = ['_key', '_report_id', '_generated_at'] as const;

/** The table of a report. `columns` are those that the configured catalog counts on. */
export function reportTable({ id, name }: WantedReport, columns: readonly string[] = []): TableOf<ReportSource> {
  const added: readonly string[] = REPORT_FIELDS;
  return {
    name: `${REPORT_PREFIX}${name}`,
    source: {
      kind: 'report',
      endpoint: 'report.generate',
      permission: 'reportsRead',
      reportId: id,
      body: { includeHeadersInData: false },
      columns: columns.filter((column) => !added.includes(column)),
    },
    key: ['_key'],
    idField: '_key',
  };
}

/** The schema of a report with these columns. All are texts: what a column holds may be another type tomorrow. */
export function reportSchema(columns: readonly string[]): Record<string, unknown> {
  const text = { type: ['null', 'string'] };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: true,
    properties: {
      _key: {
        type: 'string',
        description:
          'Identifies the row within one generation of the report: made of all its values, since reports have no ids.',
      },
      _report_id: { type: 'string', description: 'The id of the report in Ashby.' },
      _generated_at: {
        type: ['null', 'string'],
        format: 'date-time',
        airbyte_type: 'timestamp_with_timezone',
        description: 'When Ashby generated the report.',
      },
      ...Object.fromEntries(columns.map((column) => [column, text])),
    },
  };
}

/** Longer names are cut by destinations (Postgres has 63 letters), and then clash. */
const LONGEST = 60;

/**
 * Names of columns out of a report's headings: lower case, words joined by `_`. Headings that come to the same get a
 * number, in the order of the report.
 */
export function columnNames(headings: readonly string[]): string[] {
  const taken = new Set<string>(REPORT_FIELDS);
  return headings.map((heading) => {
    const plain = snake(heading) || 'column';
    let name = plain;
    for (let n = 2; taken.has(name); n += 1) name = `${plain}_${n}`;
    taken.add(name);
    return name;
  });
}

/** A text as a name: letters of any script, digits, and `_` for all else. */
export function snake(text: string): string {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.join('_').slice(0, LONGEST).toWellFormed();
}
