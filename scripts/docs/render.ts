import { isIncremental, type StreamDefinition } from '../../src/streams/definition.ts';
import { listOf, permissionsOf, streams } from '../../src/streams/table.ts';
import {
  aboutOf,
  addedOf,
  endpointOf,
  howRead,
  labelOf,
  modesOf,
  permissionLabels,
  sentOf,
  startDateTouches,
} from './describe.ts';
import { notes } from './notes.ts';

/*
 * The generated parts of the docs. Each function returns Markdown without blank lines around it.
 */

const byName = [...streams].sort((a, b) => (a.name < b.name ? -1 : 1));

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
      `\`${endpointOf(stream)}\``,
      `\`${stream.primaryKey}\``,
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

function alsoNeeds(stream: StreamDefinition, permission: string): string {
  const others = permissionsOf(stream).filter((other) => other !== permission);
  return others.length === 0 ? '' : ` (with ${others.map(labelOf).join(', ')})`;
}

/** Every table under the way in which it is read. */
export function waysTable(): string {
  const ways: [string, (stream: StreamDefinition) => boolean][] = [
    ['By sync token: only what changed', (stream) => stream.strategy === 'token'],
    ['Inside the rows of another table, with its sync token', (stream) => stream.strategy === 'embedded'],
    [
      'One call for each parent that changed',
      (stream) => stream.strategy === 'child' && stream.followUp === 'changed',
    ],
    [
      'One call for each parent whose `updatedAt` moved',
      (stream) => stream.strategy === 'child' && stream.followUp === 'moved',
    ],
    [
      'One call for each parent, all of them in every run',
      (stream) => stream.strategy === 'child' && stream.followUp === 'all',
    ],
    ['Newest first, until the last row seen', (stream) => stream.strategy === 'append'],
    ['The whole list in every run', (stream) => stream.strategy === 'snapshot'],
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
  const children = byName.filter((stream) => stream.strategy === 'child' && stream.followUp !== 'all');
  const parents = [...new Set(children.map((stream) => listOf(stream).name))].sort();
  return table(
    ['When a row of this changes', 'these are read for it'],
    parents.map((parent) => [
      `\`${parent}\``,
      children
        .filter((stream) => listOf(stream).name === parent)
        .map(named)
        .join(', '),
    ]),
  );
}

export function startDateLists(): string {
  const names = (touched: boolean): string =>
    byName
      .filter((stream) => startDateTouches(stream) === touched)
      .map(named)
      .join(', ');
  return `- Shortened by \`start_date\`: ${names(true)}.\n- Read whole, whatever \`start_date\` says: ${names(false)}.`;
}

/** For docs/streams.md: a section for each table. */
export function sections(): string {
  return byName.map(section).join('\n\n');
}

function section(stream: StreamDefinition): string {
  const added = addedOf(stream);
  const facts: [string, string | undefined][] = [
    ['Endpoint', `\`${endpointOf(stream)}\`${stream.mayBeAbsent ? ' (offered only where Ashby answers it)' : ''}`],
    ['Sent', sentOf(stream) ?? 'nothing beside paging'],
    ['First run', firstRun(stream)],
    ['Later runs', howRead(stream)],
    ['Sync modes', modesOf(stream)],
    ['Permission', permissionLabels(stream)],
    ['Key', `\`${stream.primaryKey}\``],
    ['Added by the connector', added.length === 0 ? undefined : added.map((field) => `\`${field}\``).join(', ')],
    ['Left out', 'omit' in stream ? stream.omit?.map((field) => `\`${field}\``).join(', ') : undefined],
    ['`start_date`', startDateTouches(stream) ? 'leaves rows out' : undefined],
  ];
  const list = facts.filter(([, value]) => value !== undefined).map(([name, value]) => `- ${name}: ${value ?? ''}`);
  const remarks = (notes[stream.name] ?? []).join(' ');
  return [`### ${stream.name}`, aboutOf(stream), list.join('\n'), ...(remarks === '' ? [] : [remarks])].join('\n\n');
}

function firstRun(stream: StreamDefinition): string {
  if (stream.strategy === 'embedded') return `inside all rows of \`${stream.parent}\``;
  if (stream.strategy === 'child') return `one call for each row of \`${stream.parent}\``;
  return 'the whole list';
}

function named(stream: StreamDefinition): string {
  return `\`${stream.name}\``;
}

function linked(stream: StreamDefinition): string {
  return `[\`${stream.name}\`](docs/streams.md#${stream.name})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
