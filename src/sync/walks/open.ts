import type { SourceWorld } from '../../sources/ask.ts';
import type { Batches } from '../../sources/batch.ts';
import { journalBatches } from '../../sources/journal.ts';
import { listBatches } from '../../sources/list.ts';
import type { Place } from '../../sources/place.ts';
import { reportBatches } from '../../sources/reports/report.ts';
import type { ReportTurns } from '../../sources/reports/turns.ts';
import type { JournalSource, ListSource, ReportSource, TableOf } from '../../tables/definition.ts';

/** A table that lives on no other's rows. */
export type Root = TableOf<ListSource | JournalSource | ReportSource>;

/** Makes the function that opens a table's own source at a place. */
export function openerOf(
  { table, surveyType }: { table: Root; surveyType: string | undefined },
  world: SourceWorld & { turns: ReportTurns },
): (place: Place) => Batches {
  const { source, idField } = table;
  switch (source.kind) {
    case 'report':
      return () => reportBatches(source, world);
    case 'journal':
      return (place) => journalBatches({ source, idField: idField ?? 'id' }, place, world);
    case 'list':
      return (place) => listBatches({ source, idField: idField ?? 'id', surveyType }, place, world);
  }
}
