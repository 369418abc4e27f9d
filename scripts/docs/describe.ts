import { permissions, type Permission } from '../../src/ashby/permissions.ts';
import { loadSchema } from '../../src/assets.ts';
import { STAMP_FIELD, type CallsSource, type Endpoint, type Table } from '../../src/tables/definition.ts';
import { isIncremental, parentOf, permissionsOf, rootOf } from '../../src/tables/lineage.ts';

/*
 * What a row of the table of streams means, in words. All of it follows from the row and its schema.
 */

/** What a row of the table is, as its schema says it. */
export function aboutOf(stream: Table): string {
  return String(loadSchema(stream.name)['description']);
}

/** The endpoint that the rows come from, with what is sent to it. */
function askedOf(stream: Table): Endpoint | undefined {
  const { source } = stream;
  if (source.kind === 'keys') return undefined;
  if (source.kind !== 'inside') return source;
  const parent = parentOf(stream);
  return parent ? askedOf(parent) : rootOf(stream).source;
}

/** As code; undefined for a table that is made of others. */
export function endpointOf(stream: Table): string | undefined {
  const endpoint = askedOf(stream)?.endpoint;
  return endpoint === undefined ? undefined : `\`${endpoint}\``;
}

export function modesOf(stream: Table): string {
  return isIncremental(stream) ? 'full refresh, incremental' : 'full refresh';
}

/** How a run after the first one reads the table, in one phrase. */
export function howRead({ source }: Table): string {
  switch (source.kind) {
    case 'list':
      return source.givesToken ? 'changes since the last run (sync token)' : 'the whole list';
    case 'boards':
      return 'the whole list';
    case 'report':
      return 'the whole report';
    case 'inside':
      return `inside the rows of \`${source.parent}\` that changed`;
    case 'journal':
      return 'what was added since the last run';
    case 'calls':
      return callsRead(source);
    case 'keys':
      return 'the lists of the other selected tables, whole';
  }
}

/** What of the parent's table a call is made for. */
export function parentRow({ parentField }: CallsSource): string {
  return parentField === undefined ? 'each row' : `each \`${parentField}\` in a row`;
}

function callsRead(source: CallsSource): string {
  const { parent, follow, revisit } = source;
  const row = parentRow(source);
  if (follow === 'moved') return `one call for ${row} of \`${parent}\` whose \`updatedAt\` moved`;
  const changed = `one call for ${row} of \`${parent}\` that changed`;
  if (!revisit) return changed;
  const { everyHours, except } = revisit;
  const left = except ? ` but those whose \`${except.field}\` is ${String(except.is)}` : '';
  return `${changed}; once ${everyHours} hours have gone by, for all${left}`;
}

/** What is sent beside paging so that Ashby leaves nothing out; undefined where nothing needs to be. */
export function sentOf(stream: Table): string | undefined {
  const { source } = stream;
  const body = askedOf(stream)?.body;
  const surveyTypes = source.kind === 'list' ? source.surveyTypes : undefined;
  const parts = [
    ...(body ? [`\`${JSON.stringify(body).replaceAll('":', '": ').replaceAll(',"', ', "')}\``] : []),
    ...(source.kind === 'calls' ? [`\`${source.parameter}\``] : []),
    ...(source.kind === 'journal' ? ['`startDate` and `endDate`, always both'] : []),
    ...(surveyTypes ? [`\`surveyType\`, one after the other: ${surveyTypes.join(', ')}`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** The fields that the connector adds to the rows. */
export function addedOf(stream: Table): string[] {
  const { addsKey, parentIdField, source } = stream;
  return [
    ...(addsKey ? ['_key'] : []),
    ...(parentIdField === undefined ? [] : [parentIdField]),
    ...(source.kind === 'boards' ? ['jobBoardIds'] : []),
    ...(isIncremental(stream) ? [STAMP_FIELD] : []),
  ];
}

export function permissionLabels(stream: Table): string {
  return permissionsOf(stream).map(labelOf).join(' + ') || "the other tables'";
}

export function labelOf(permission: Permission): string {
  return permissions[permission].label;
}

/** Whether `start_date` leaves rows of the table out. */
export function startDateTouches(stream: Table): boolean {
  if (stream.source.kind === 'keys') return false;
  const { source } = rootOf(stream);
  return source.kind === 'list' && source.startDateApplies === true;
}
