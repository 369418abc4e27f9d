import type { AshbyClient, AshbyRequest } from '../../ashby/client.ts';
import { AshbyError } from '../../ashby/envelope.ts';
import type { Meter } from '../../ashby/client.ts';
import type { Row } from '../../ashby/rows/rows.ts';
import { ConnectorError } from '../../errors.ts';
import type { ReportSource } from '../../tables/definition.ts';
import { isId } from '../checks.ts';
import { reportFault } from './table-of-cells.ts';
import type { ReportTurns } from './turns.ts';

/** Ashby wants to be asked every second; a report that takes long is asked for less often. */
const FIRST_POLL_MS = 1_000;
const SLOWEST_POLL_MS = 10_000;
const GROWTH = 1.2;
/** A report that takes longer has been forgotten. */
const LONGEST_WAIT_MS = 30 * 60_000;
/** A report comes in one piece. */
const LARGEST_REPORT_BYTES = 128 * 1024 * 1024;

export interface ReportWorld {
  client: AshbyClient;
  meter: Meter;
  turns: ReportTurns;
}

/** Has Ashby start a report, or find one that is not an hour old, and returns its answer. Throws as `generated` does. */
export async function started(source: ReportSource, { client, meter, turns }: ReportWorld): Promise<Row> {
  const request: AshbyRequest = {
    ...requestOf(source),
    ownLimit: (attempt) => turns.start(attempt),
    checkObject: answerFault(undefined),
  };
  return await told(source, client.object(request, meter));
}

/**
 * Has Ashby generate a report and returns its answer, whose `reportData` was looked at: names of columns, and rows with
 * as many cells. Throws AshbyError as the client does, and a ConnectorError where the report is not in Ashby, where
 * Ashby failed to make it, and where it does not come within half an hour.
 */
export async function generated(source: ReportSource, world: ReportWorld): Promise<Row> {
  const { client, meter } = world;
  let answer = await started(source, world);
  const requestId = String(answer.value['requestId']); // a text, as was looked at
  const asked = requestOf(source);
  const poll: AshbyRequest = {
    ...asked,
    body: { ...asked.body, requestId },
    // Free of all limits of reports; what is said about such a limit is not about the others either.
    ownLimit: (attempt) => attempt(),
    checkObject: answerFault(requestId),
  };
  let waitedMs = 0;
  for (let pauseMs = FIRST_POLL_MS; answer.value['status'] === 'in_progress';) {
    if (waitedMs >= LONGEST_WAIT_MS) throw tooLong(source);
    await client.wait(pauseMs);
    waitedMs += pauseMs;
    pauseMs = Math.min(SLOWEST_POLL_MS, pauseMs * GROWTH);
    answer = await told(source, client.object(poll, meter));
  }
  if (answer.value['status'] === 'failed') throw failed(source, answer.value['failureReason']);
  return answer;
}

function requestOf({ endpoint, permission, body, reportId }: ReportSource): AshbyRequest {
  return { endpoint, permission, maxAnswerBytes: LARGEST_REPORT_BYTES, body: { ...body, reportId } };
}

/** The answer, or a refusal in words that fit a report. */
async function told(source: ReportSource, answer: Promise<Row>): Promise<Row> {
  try {
    return await answer;
  } catch (failure) {
    if (failure instanceof AshbyError && failure.kind === 'not-found') throw gone(source, failure);
    throw failure;
  }
}

/** Why an answer is none to the question; `asked` is the generation that was asked for, once there is one. */
function answerFault(asked: string | undefined): (row: Row) => string | undefined {
  return (row) => {
    const { status, requestId } = row.value;
    if (!isId(requestId)) return 'a report without a requestId';
    if (asked !== undefined && requestId !== asked) return 'the answer to another request for a report';
    if (status === 'in_progress' || status === 'failed') return undefined;
    return status === 'complete' ? reportFault(row) : 'a report of an unknown status';
  };
}

const EDIT = 'Remove it from "Reports" in the configuration, or give the id of another';

function gone({ reportId }: ReportSource, cause: AshbyError): ConnectorError {
  return new ConnectorError(
    `Ashby has no report with the id ${reportId}, or the API key may not see it. It may have been deleted: look for it in Ashby under Reports. ${EDIT}.`,
    { failureType: 'config_error', internalMessage: cause.internalMessage, cause },
  );
}

function failed({ reportId }: ReportSource, reason: unknown): ConnectorError {
  // Ashby's reasons are single words, such as QueryTimeout; anything else is not repeated.
  const word = typeof reason === 'string' && /^\w{1,60}$/.test(reason) ? ` (${reason})` : '';
  return new ConnectorError(
    `Ashby could not generate the report ${reportId}${word}. Open it in Ashby: if it fails there too, narrow its filters; otherwise run the sync again in a quarter of an hour, since Ashby remembers a failure for so long.`,
    { failureType: 'transient_error' },
  );
}

function tooLong({ reportId }: ReportSource): ConnectorError {
  return new ConnectorError(
    `Ashby was still generating the report ${reportId} after half an hour. Open it in Ashby and narrow its filters, or run the sync again later.`,
    { failureType: 'transient_error' },
  );
}
