import { permissions, type Permission } from '../../src/ashby/permissions.ts';
import { loadSchema } from '../../src/assets.ts';
import { isIncremental, STAMP_FIELD, type ChildStream, type StreamDefinition } from '../../src/streams/definition.ts';
import { listOf, permissionsOf } from '../../src/streams/table.ts';

/*
 * What a row of the table of streams means, in words. All of it follows from the row and its schema.
 */

/** What a row of the table is, as its schema says it. */
export function aboutOf(stream: StreamDefinition): string {
  return String(loadSchema(stream.name)['description']);
}

/** The endpoint that the rows come from. */
export function endpointOf(stream: StreamDefinition): string {
  return stream.strategy === 'child' ? stream.endpoint : listOf(stream).list.endpoint;
}

export function modesOf(stream: StreamDefinition): string {
  return isIncremental(stream) ? 'full refresh, incremental' : 'full refresh';
}

/** How a run after the first one reads the table, in one phrase. */
export function howRead(stream: StreamDefinition): string {
  switch (stream.strategy) {
    case 'token':
      return 'changes since the last run (sync token)';
    case 'snapshot':
      return 'the whole list';
    case 'embedded':
      return `inside the rows of \`${stream.parent}\` that changed`;
    case 'append':
      return 'newest first, down to the newest row of the last run';
    case 'child':
      return childRead(stream);
  }
}

function childRead(stream: ChildStream): string {
  const row = stream.idsIn ? `each id in \`${stream.idsIn.list}[].${stream.idsIn.field}\`` : 'each row';
  switch (stream.followUp) {
    case 'changed':
      return `one call for ${row} of \`${stream.parent}\` that changed`;
    case 'moved':
      return `one call for ${row} of \`${stream.parent}\` whose \`updatedAt\` moved`;
    case 'all':
      return `one call for ${row} of \`${stream.parent}\`, changed or not`;
  }
}

/** What is sent beside paging so that Ashby leaves nothing out; undefined where nothing needs to be. */
export function sentOf(stream: StreamDefinition): string | undefined {
  const body = stream.strategy === 'child' ? stream.body : listOf(stream).list.body;
  const surveyTypes = stream.strategy === 'child' ? undefined : listOf(stream).list.surveyTypes;
  const parts = [
    ...(body ? [`\`${JSON.stringify(body).replaceAll('":', '": ').replaceAll(',"', ', "')}\``] : []),
    ...(stream.strategy === 'child' ? [`\`${stream.parentParameter}\``] : []),
    ...(surveyTypes ? [`\`surveyType\`, one after the other: ${surveyTypes.join(', ')}`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** The fields that the connector adds to the rows. */
export function addedOf(stream: StreamDefinition): string[] {
  const parentId = 'parentIdField' in stream ? stream.parentIdField : undefined;
  return [
    ...(stream.primaryKey === '_key' ? ['_key'] : []),
    ...(parentId === undefined ? [] : [parentId]),
    ...(stream.strategy === 'snapshot' && stream.overJobBoards ? ['jobBoardIds'] : []),
    ...(isIncremental(stream) ? [STAMP_FIELD] : []),
  ];
}

export function permissionLabels(stream: StreamDefinition): string {
  return permissionsOf(stream).map(labelOf).join(' + ');
}

export function labelOf(permission: Permission): string {
  return permissions[permission].label;
}

/** Whether `start_date` leaves rows of the table out. */
export function startDateTouches(stream: StreamDefinition): boolean {
  return listOf(stream).list.startDateApplies === true;
}
