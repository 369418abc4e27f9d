import { configError } from './error.ts';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Longer names make tables' names that destinations cut. */
const LONGEST_NAME = 50;

/**
 * The reports that the form names, a list that the specification has been checked for. An id may come as the whole
 * address of the report's page. Throws a `config_error` for what is no id, and for two reports of one name.
 */
export function reportsOf(value: unknown): { id: string; name: string }[] {
  const wanted = (Array.isArray(value) ? value : []).map((entry: Record<string, unknown>, index) => {
    const ids = new Set(textOf(entry['id']).toLowerCase().match(UUID));
    const [id] = ids;
    if (id === undefined || ids.size > 1) {
      throw configError(
        `The "id" of report ${index + 1} in "reports" is no id of a report. Open the report in Ashby and copy the long id, such as 01234567-89ab-4cde-8f01-23456789abcd, out of the address bar.`,
      );
    }
    const name = plainName(textOf(entry['name'])) || id.slice(0, 8);
    return { id, name };
  });
  for (const [index, { name }] of wanted.entries()) {
    const first = wanted.findIndex((other) => other.name === name);
    if (first !== index) {
      throw configError(
        `The reports ${first + 1} and ${index + 1} in "reports" would both be the table report_${name}. Give them different names.`,
      );
    }
  }
  return wanted;
}

/** A name as it stands in a table's: small letters, digits, and `_` for all else. */
function plainName(text: string): string {
  return (
    text
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  )
    .join('_')
    .slice(0, LONGEST_NAME);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
