import type { Table } from '../../src/tables/definition.ts';
import { isIncremental, parentOf, permissionsOf } from '../../src/tables/lineage.ts';
import { liveKeys, offered, streams } from '../../src/tables/table.ts';
import {
  aboutOf,
  addedOf,
  endpointOf,
  howRead,
  labelOf,
  modesOf,
  parentRow,
  permissionLabels,
  sentOf,
  startDateTouches,
} from './describe.ts';
import { notes } from './notes.ts';

/*
 * The generated parts of the docs. Each function returns Markdown without blank lines around it.
 */

const byName = [...offered].sort((a, b) => (a.name < b.name ? -1 : 1));

/** How many tables there are, for a sentence. */
export function howMany(): string {
  return `${offered.length} tables`;
}

/** For the README: every table, what a row is, and what a later run reads. */
export function shortTable(): string {
  return table(
    ['Table', 'What is in it', 'A later run reads'],
    byName.map((stream) => [linked(stream), aboutOf(stream), howRead(stream)]),
  );
}

/** For docs/ashby.md. */
export function fullTable(): string {
  return table(
    ['Stream', 'Ashby endpoint', 'Key', 'Sync modes', 'Permission', 'A later run reads'],
    byName.map((stream) => [
      `[\`${stream.name}\`](streams.md#${stream.name})`,
      endpointOf(stream) ?? 'none of its own',
      keyOf(stream),
      modesOf(stream),
      permissionLabels(stream),
      howRead(stream),
    ]),
  );
}

/** Which tables each permission opens. */
export function permissionTable(): string {
  const needed = [...new Set(streams.flatMap(permissionsOf))];
  return table(
    ['Tick **Read** for', 'Opens these tables'],
    needed.map((permission) => [
      labelOf(permission),
      byName
        .filter((stream) => permissionsOf(stream).includes(permission))
        .map((stream) => named(stream) + alsoNeeds(stream, permission))
        .join(', '),
    ]),
  );
}

function alsoNeeds(stream: Table, permission: string): string {
  const others = permissionsOf(stream).filter((other) => other !== permission);
  return others.length === 0 ? '' : ` (with ${others.map(labelOf).join(', ')})`;
}

/** Every table under the way in which it is read. */
export function waysTable(): string {
  const ways: [string, (stream: Table) => boolean][] = [
    ['By sync token: only what changed', ({ source }) => source.kind === 'list' && source.givesToken],
    ['Inside the rows of another table, with its sync token', ({ source }) => source.kind === 'inside'],
    [
      'One call for each parent that changed',
      ({ source }) => source.kind === 'calls' && source.follow === 'changed' && !source.revisit,
    ],
    [
      'One call for each parent that changed, and once a day for all of them',
      ({ source }) => source.kind === 'calls' && source.revisit !== undefined,
    ],
    [
      'One call for each parent whose `updatedAt` moved',
      ({ source }) => source.kind === 'calls' && source.follow === 'moved',
    ],
    ['In windows of time, from where the last run ended', ({ source }) => source.kind === 'journal'],
    [
      'The whole list in every run',
      ({ source }) => source.kind === 'boards' || (source.kind === 'list' && !source.givesToken),
    ],
    ['Made of the lists of other tables', ({ source }) => source.kind === 'keys'],
  ];
  return table(
    ['How', 'Incremental', 'Tables'],
    ways.map(([way, belongs]) => {
      const found = byName.filter(belongs);
      return [way, found.every(isIncremental) ? 'yes' : 'no', found.map(named).join(', ')];
    }),
  );
}

/** Children and the parents that they follow. */
export function parentsTable(): string {
  const children = byName.filter(({ source }) => source.kind === 'calls');
  const parentName = (stream: Table): string => parentOf(stream)?.name ?? '';
  const parents = [...new Set(children.map(parentName))].sort();
  return table(
    ['When a row of this changes', 'these are read for it'],
    parents.map((parent) => [
      `\`${parent}\``,
      children
        .filter((stream) => parentName(stream) === parent)
        .map(named)
        .join(', '),
    ]),
  );
}

export function startDateLists(): string {
  const names = (touched: boolean): string =>
    byName
      .filter((stream) => stream !== liveKeys && startDateTouches(stream) === touched)
      .map(named)
      .join(', ');
  return `- Shortened by \`start_date\`: ${names(true)}.\n- Read whole, whatever \`start_date\` says: ${names(false)}.`;
}

/** For docs/streams.md: a section for each table. */
export function sections(): string {
  return byName.map(section).join('\n\n');
}

function section(stream: Table): string {
  const added = addedOf(stream);
  const facts: [string, string | undefined][] = [
    ['Endpoint', withRemark(endpointOf(stream), stream)],
    ['Sent', stream === liveKeys ? undefined : (sentOf(stream) ?? 'nothing beside paging')],
    ['First run', firstRun(stream)],
    ['Later runs', howRead(stream)],
    ['Sync modes', modesOf(stream)],
    ['Permission', permissionLabels(stream)],
    ['Key', keyOf(stream)],
    ['Added by the connector', added.length === 0 ? undefined : added.map((field) => `\`${field}\``).join(', ')],
    ['Custom fields', customFieldsOf(stream)],
    ['Left out', stream.cuts?.map((field) => `\`${field}\``).join(', ')],
    ['`start_date`', startDateTouches(stream) ? 'leaves rows out' : undefined],
  ];
  const list = facts.filter(([, value]) => value !== undefined).map(([name, value]) => `- ${name}: ${value ?? ''}`);
  const remarks = (notes[stream.name] ?? []).join(' ');
  return [`### ${stream.name}`, aboutOf(stream), list.join('\n'), ...(remarks === '' ? [] : [remarks])].join('\n\n');
}

function customFieldsOf({ customFields }: Table): string | undefined {
  if (!customFields) return undefined;
  return `a column for each ([which](custom-fields.md)), from \`${customFields.at.join('.')}\``;
}

function withRemark(endpoint: string | undefined, { mayBeAbsent }: Table): string | undefined {
  return endpoint === undefined ? undefined : `${endpoint}${mayBeAbsent ? ' (offered only where Ashby answers it)' : ''}`;
}

function firstRun({ source }: Table): string {
  switch (source.kind) {
    case 'inside':
      return `inside all rows of \`${source.parent}\``;
    case 'calls':
      return `one call for ${parentRow(source)} of \`${source.parent}\``;
    case 'boards':
      return `the whole list, once without a board and once for each row of \`${source.parent}\``;
    case 'journal':
      return 'everything, in windows of a year';
    case 'list':
      return 'the whole list';
    case 'report':
      return 'the whole report';
    case 'keys':
      return 'the lists of the other selected tables, whole';
  }
}

function keyOf({ key }: Table): string {
  return key.map((column) => `\`${column}\``).join(', ');
}

function named(stream: Table): string {
  return `\`${stream.name}\``;
}

function linked(stream: Table): string {
  return `[\`${stream.name}\`](docs/streams.md#${stream.name})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
