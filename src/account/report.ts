import { KEYS_PAGE, permissions } from '../ashby/permissions.ts';
import { permissionsOf } from '../tables/lineage.ts';
import { streams } from '../tables/table.ts';
import { neededPermissions } from './access.ts';
import type { Offer } from './offer.ts';

/** How wide the report is; the last column is broken into lines. */
const WIDTH = 110;
const HEAD = ['Permission', 'Key has it', 'Tables that need it'] as const;

/** What a key may read, as a table for people: a row for each permission, with the tables that need it. */
export function accessReport(offer: Offer): string {
  const { access, tables, refused } = offer;
  const rows = neededPermissions.map((permission) => {
    const needing = streams.filter((table) => permissionsOf(table).includes(permission)).map(({ name }) => name);
    return [`${permissions[permission].label}: Read`, access.allowed.has(permission) ? 'yes' : 'NO', needing] as const;
  });
  const first = Math.max(HEAD[0].length, ...rows.map(([label]) => label.length));
  const line = (label: string, has: string, rest: string): string =>
    `${label.padEnd(first)}  ${has.padEnd(HEAD[1].length)}  ${rest}`.trimEnd();
  const indent = first + HEAD[1].length + 4;
  const body = rows.flatMap(([label, has, names]) =>
    broken(names, WIDTH - indent).map((part, index) => line(index === 0 ? label : '', index === 0 ? has : '', part)),
  );
  const left = streams.length - tables.length;
  return [
    `The API key works. It can read ${tables.length} of ${streams.length} tables.`,
    '',
    line(...HEAD),
    line('-'.repeat(first), '-'.repeat(HEAD[1].length), '-'.repeat(WIDTH - indent)),
    ...body,
    ...refused.flatMap(({ table, refusal }, index) => [
      ...(index === 0 ? ['', 'Not in this account (paid or beta features):'] : []),
      `  ${table.name} (${refusal})`,
    ]),
    ...(access.missing.length > 0 ? ['', `Permissions are ticked ${KEYS_PAGE}.`] : []),
    ...(left === 0 ? ['', 'Nothing is left out.'] : []),
  ].join('\n');
}

/** Names with commas between them, in lines of at most `width` characters. */
function broken(names: readonly string[], width: number): string[] {
  const lines: string[] = [''];
  for (const [index, name] of names.entries()) {
    const word = index < names.length - 1 ? `${name}, ` : name;
    const last = lines.at(-1) ?? '';
    if (last !== '' && (last + word).trimEnd().length > width) lines.push(word);
    else lines[lines.length - 1] = last + word;
  }
  return lines.map((text) => text.trimEnd());
}
