/**
 * Saved reports, generated on demand as Ashby's OpenAPI description says of `report.generate`: 15 starts a minute and
 * three under way for the whole organisation, asking for a started one is free. What it leaves open is the least
 * convenient here: refused starts count, a report that nobody asks for goes on for a while, and cells may be numbers
 * with more digits than a double has.
 */

import { ApiError, type Body, type Row, type SimulatorOptions } from './types.ts';

const STARTS_A_MINUTE = 15;
const AT_ONCE = 3;
const MINUTE_MS = 60_000;
/** A report that nobody asks for any more is done after this. */
const FORGOTTEN_MS = 120_000;

interface Generation {
  report: number;
  requestId: string;
  startedAt: number;
  pollsLeft: number;
}

/** What a test wants to know of the limits: the most that were seen. */
export interface ReportPeaks {
  startsAMinute: number;
  atOnce: number;
  refused: number;
}

/** The id of the n-th report. */
export function reportId(n: number): string {
  return `0e900000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** The headings and cells of the n-th report, as JSON texts, so that a number can have any digits. */
export function reportCells(n: number): { headings: string[]; cells: string[][] } {
  const headings = ['Timeframe', 'Department', 'Hired', 'Hired', 'Share of all (%)'];
  const cells = Array.from({ length: 3 + (n % 5) }, (_, row) => [
    JSON.stringify(`Q${1 + (row % 4)} 2026`),
    row % 3 === 2 ? 'null' : JSON.stringify(row % 2 === 0 ? 'Engineering' : 'Sales "East"'),
    String(10 * n + row),
    `${n}.${'1234567890'.repeat(2)}`,
    row % 2 === 0 ? '12.50' : '1e2',
  ]);
  // The same row twice: reports have no ids.
  return { headings, cells: [...cells, ...cells.slice(0, 1)] };
}

/** The reports of an organisation. */
export class Reports {
  peaks: ReportPeaks = { startsAMinute: 0, atOnce: 0, refused: 0 };
  readonly #options: Pick<SimulatorOptions, 'reports' | 'reportPolls' | 'failingReports' | 'now'>;
  #starts: number[] = [];
  readonly #running = new Map<string, Generation>();
  #count = 0;

  constructor(options: Pick<SimulatorOptions, 'reports' | 'reportPolls' | 'failingReports' | 'now'>) {
    this.#options = options;
  }

  /** The JSON of `results`. */
  generate(body: Body): string {
    const report = Array.from({ length: this.#options.reports }, (_, n) => reportId(n)).indexOf(
      String(body['reportId']),
    );
    if (report < 0) throw new ApiError('report_not_found', 'No report with this id');
    const { requestId } = body;
    return requestId === undefined ? this.#start(report) : this.#poll(report, String(requestId), body);
  }

  #start(report: number): string {
    const now = this.#options.now();
    this.#starts = [...this.#starts.filter((at) => now - at < MINUTE_MS), now];
    for (const [id, { startedAt }] of this.#running) if (now - startedAt >= FORGOTTEN_MS) this.#running.delete(id);
    this.peaks.startsAMinute = Math.max(this.peaks.startsAMinute, this.#starts.length);
    if (this.#starts.length > STARTS_A_MINUTE) this.#refuse('rate_limit_exceeded');
    if (this.#running.size >= AT_ONCE) this.#refuse('concurrent_limit_exceeded');
    const requestId = `rep_result:${(this.#count += 1)}`;
    this.#running.set(requestId, { report, requestId, startedAt: now, pollsLeft: this.#options.reportPolls });
    this.peaks.atOnce = Math.max(this.peaks.atOnce, this.#running.size);
    return this.#unfinished(requestId, 'in_progress');
  }

  #poll(report: number, requestId: string, body: Body): string {
    const generation = this.#running.get(requestId);
    if (generation?.report !== report)
      throw new ApiError('invalid_input', 'requestId belongs to no generation of this report');
    generation.pollsLeft -= 1;
    if (generation.pollsLeft > 0) return this.#unfinished(requestId, 'in_progress');
    this.#running.delete(requestId);
    if (this.#options.failingReports.includes(reportId(report))) return this.#unfinished(requestId, 'failed');
    const { headings, cells } = reportCells(report);
    const head = body['includeHeadersInData'] === false ? [] : [headings.map((heading) => JSON.stringify(heading))];
    const data = [...head, ...cells].map((row) => `[${row.join()}]`);
    const metadata: Row = {
      title: `Report ${report}`,
      updatedAt: '2026-11-01T08:00:00.000Z',
      reportGeneratedAt: new Date(this.#options.now()).toISOString(),
    };
    return (
      `{"requestId":${JSON.stringify(requestId)},"status":"complete","failureReason":null,"reportData":` +
      `{"columnNames":${JSON.stringify(headings)},"data":[${data.join()}],"metadata":${JSON.stringify(metadata)}}}`
    );
  }

  #unfinished(requestId: string, status: 'in_progress' | 'failed'): string {
    return JSON.stringify({
      requestId,
      status,
      failureReason: status === 'failed' ? 'QueryTimeout' : null,
      reportData: null,
    });
  }

  #refuse(code: string): never {
    this.peaks.refused += 1;
    throw new ApiError(code, 'Too many reports', 429);
  }
}
