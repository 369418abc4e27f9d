import { FAULT_CATALOGUE, GROUPS, type CatalogueEntry } from '../../integration_tests/simulator/fault-catalogue.ts';
import { handlingOf, strikesAt } from '../../integration_tests/faults/handling.ts';

/*
 * The tables of docs/faults.md. integration_tests/faults-catalogue.test.ts proves each row from the same data.
 */

const titles: Record<CatalogueEntry['group'], string> = {
  connection: 'The connection',
  bytes: 'The bytes of an answer',
  status: 'HTTP statuses',
  refusal: 'Refusals by Ashby',
  envelope: 'What stands around the rows',
  paging: 'From page to page',
  rows: 'Rows',
  values: 'Values',
};

export function faultCount(): string {
  return `${FAULT_CATALOGUE.length} faults`;
}

/** A table for each group, a row for each fault. */
export function faultTables(): string {
  return GROUPS.map((group) => {
    const rows = FAULT_CATALOGUE.filter((entry) => entry.group === group).map(row);
    const head = ['| Fault | Strikes at | When it comes once | When it stays |', '| --- | --- | --- | --- |'];
    return [`### ${titles[group]}`, '', ...head, ...rows].join('\n');
  }).join('\n\n');
}

function row(entry: CatalogueEntry): string {
  const { once, stays } = handlingOf(entry);
  return `| ${[escaped(entry.does), strikesAt(entry), once, stays].join(' | ')} |`;
}

/** Texts of the catalogue hold JSON and marks that Markdown would take for its own. */
function escaped(text: string): string {
  return text.replace(/[|\\<>*_[\]]/g, (mark) => `\\${mark}`);
}
