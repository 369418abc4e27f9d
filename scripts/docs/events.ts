import { loadSchema } from '../../src/assets.ts';
import { inboxTables } from '../../src/tables/inbox/tables.ts';
import { aboutOf } from './describe.ts';

/** For docs/webhooks.md: the tables of events, what is in them, and their columns. */
export function eventTables(): string {
  const rows = inboxTables.map((table) => {
    const columns = Object.keys(loadSchema(table.name)['properties'] as object); // schemas.test.ts sees to it
    const others = columns.filter((column) => !table.key.includes(column) && !column.startsWith('_ab_'));
    const { action } = table.source.kind === 'inbox' ? table.source : {};
    return [
      `\`${table.name}\``,
      aboutOf(table),
      action === undefined ? 'all' : `\`${action}\``,
      table.key.map((column) => `\`${column}\``).join(', '),
      others.map((column) => `\`${column}\``).join(', '),
    ];
  });
  const head = ['Table', 'What is in it', 'Event', 'Key', 'Further columns'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
