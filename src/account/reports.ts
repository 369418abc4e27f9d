import { newMeter, type AshbyClient } from '../ashby/client.ts';
import { ConnectorError } from '../errors.ts';
import { generated, started } from '../sources/reports/generate.ts';
import { columnsOfReport } from '../sources/reports/table-of-cells.ts';
import { ReportTurns } from '../sources/reports/turns.ts';
import type { Table } from '../tables/definition.ts';
import { reportTable, type WantedReport } from '../tables/reports.ts';

/**
 * Starts the first of the reports, which tells whether the key may have reports. Not all: each start counts against a
 * limit that the whole organisation shares. Throws as `generated` does.
 */
export async function tryFirst([first]: readonly WantedReport[], client: AshbyClient): Promise<void> {
  if (!first) return;
  await started(reportTable(first).source, { client, meter: newMeter(), turns: new ReportTurns(client) });
}

/**
 * Has every report generated, to learn its columns. What the user has to put right is warned of, and the report is left
 * out; everything else is thrown.
 */
export async function columnsOf(
  reports: readonly WantedReport[],
  { client, warn }: { client: AshbyClient; warn(line: string): void },
): Promise<{ table: Table; columns: string[] }[]> {
  const turns = new ReportTurns(client);
  const found = reports.map(async (report) => {
    const table = reportTable(report);
    try {
      const answer = await turns.run(() => generated(table.source, { client, meter: newMeter(), turns }));
      return [{ table, columns: columnsOfReport(answer) }];
    } catch (failure) {
      if (!(failure instanceof ConnectorError) || failure.failureType !== 'config_error') throw failure;
      warn(`${table.name} is left out: ${failure.message}`);
      return [];
    }
  });
  return (await Promise.all(found)).flat();
}
