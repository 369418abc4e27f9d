import type { ReportSource } from '../../tables/definition.ts';
import type { SourceWorld } from '../ask.ts';
import type { Batches } from '../batch.ts';
import { EVERYTHING } from '../place.ts';
import { generated } from './generate.ts';
import { columnsOfReport, rowsOfReport } from './table-of-cells.ts';
import type { ReportTurns } from './turns.ts';

/** Has a report generated and gives its rows, in one piece. */
export async function* reportBatches(source: ReportSource, world: SourceWorld & { turns: ReportTurns }): Batches {
  const answer = await generated(source, world);
  const missing = source.columns.filter((column) => !columnsOfReport(answer).includes(column));
  if (missing.length > 0) {
    world.warn(
      `${missing.length} of the columns that the connection was made with are no longer in the report (${missing.slice(0, 5).join(', ')}): they were removed or renamed in Ashby. Refresh the schema of the connection to get the new ones.`,
    );
  }
  const rows = rowsOfReport(answer, source.reportId);
  yield { rows, arrivedAtMs: world.now(), place: EVERYTHING, end: { token: null } };
}
