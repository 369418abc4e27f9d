/**
 * A server between the connector and the simulator that marks what is personal: each such value becomes one that is
 * found again wherever it turns up, equal ones equal marks. Which values these are is written down here once more, by
 * endpoint and path, from what Ashby documents: a slip in the connector's groups must not excuse itself.
 */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** By endpoint: paths whose leaves are personal, with all that lies in them. */
const PERSONAL: readonly (readonly [RegExp, RegExp])[] = [
  // The same wherever they stand.
  [/./, /(^|\.)(firstName|lastName|email)$/],
  [/./, /(^|\.)(customFields|customFieldEntries)\[\]\.(value|valueLabel)\b/],
  [/./, /(^|\.)submittedValues\./],
  [/./, /(^|\.)(resumeFileHandle|fileHandles\[\])\.(name|handle)$/],
  [/./, /(^|\.)salary\.value$/],
  [/./, /(^|\.)(submitterClientIp|submitterUserAgent|ipAddress|userAgent|fraudStatus)$/],
  [/./, /(^|\.)(feedbackLink|meetingLink|surveyUrl)$/],
  [/./, /(^|\.)interviewEvents\[\]\.(location|extraData\.)/],
  [
    /./,
    /(^|\.)compensation\.(.*\.)?(minValue|maxValue|summary|tierSummary|additionalInformation|compensationTierSummary)$/,
  ],
  [/^jobPosting\./, /^(compensationTierSummary$|linkedData\.baseSalary\.)/],
  [
    /^candidate\.(list|info)$/,
    /^(name$|(primaryEmailAddress|emailAddresses\[\]|primaryPhoneNumber|phoneNumbers\[\])\.value$|socialLinks\[\]\.url$|profileUrl$|timezone$|location\.(locationSummary|locationComponents\[\]\.name)$|position$|company$|school$)/,
  ],
  [/^application\.(list|info)$/, /^candidate\.(name|primaryEmailAddress\.value|primaryPhoneNumber\.value)$/],
  [/^candidate\.listNotes$/, /^content$/],
  [/^candidate\.listFraudChecks$/, /^fraudSignals\[\]\.(name|description|value)$/],
  [/^application\.listCriteriaEvaluations$/, /^reasoning$/],
  [/^takeHomeAssignment\./, /^submission\.notes(Html|Plain)$/],
  [/^sequence\.list$/, /^stages\[\]\.(subject|bodyHtml|from\..*)$/],
  [/^auditLog\.list$/, /^(description$|changedFields\.|actor\.name$)/],
  [/^user\.listInterviewerPauses$/, /^comment$/],
  [/^notetakerTranscript\.info$/, /^participants\[\]\.name$/],
  [/^referral\.list$/, /^referrer\./],
];

/** Finds marks, as text or number, in whatever was printed. */
export const MARK = /zq[0-9a-f]{12}zq|990044\d{9}/g;

function markOf(value: unknown): unknown {
  const digest = createHash('sha1').update(JSON.stringify(value)).digest();
  if (typeof value === 'number') return 990_044_000_000_000 + (digest.readUInt32BE() % 1_000_000_000);
  const mark = `zq${digest.toString('hex', 0, 6)}zq`;
  // Addresses and numbers stay what they are, so that they are treated as such.
  return typeof value === 'string' && value.includes('@') ? `${mark}@Example.com` : mark;
}

const isPersonal = (endpoint: string, path: string): boolean =>
  PERSONAL.some(([of, where]) => of.test(endpoint) && where.test(path));

/** A row of an endpoint with its personal values marked; with `drift`, with fields that nobody declared. */
export function marked(value: unknown, path: string, endpoint: string, drift: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => marked(item, `${path}[]`, endpoint, drift));
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([name, part]): [string, unknown] => [
      name,
      marked(part, path === '' ? name : `${path}.${name}`, endpoint, drift),
    ]);
    const mark = `zq${createHash('sha1').update(`${endpoint} ${path}`).digest('hex').slice(0, 12)}zq`;
    const unknown = {
      newField: mark,
      newObject: { name: { first: mark } },
      newList: [{ email: mark }, mark],
      [mark]: 1,
    };
    return { ...Object.fromEntries(parts), ...(drift ? unknown : {}) };
  }
  // A mark cannot be told from an id there, and the connector joins by it.
  if (value === null || typeof value === 'boolean' || /(^|\.)(id|\w+Id)$/.test(path)) return value;
  return isPersonal(endpoint, path) ? markOf(value) : value;
}

export interface Marking {
  url: string;
  /** Whether every object of every row, however deep, has fields that nobody declared, with marks in them and as a name. */
  drift: boolean;
  /** How many marks were sent. */
  marks: number;
  close(): Promise<void>;
}

/** Starts it before the simulator at this address. */
export async function startMarking(simulatorUrl: string): Promise<Marking> {
  const marking = { url: '', drift: false, marks: 0, close: () => closed(server) };
  const server: Server = createServer((request, response) => {
    void (async () => {
      const endpoint = (request.url ?? '').slice(1);
      const headers = Object.fromEntries(
        ['authorization', 'accept', 'content-type'].map((name) => [name, String(request.headers[name] ?? '')]),
      );
      const answer = await fetch(`${simulatorUrl}/${endpoint}`, {
        method: 'POST',
        headers,
        body: await bodyOf(request),
      });
      const body = (await answer.json()) as Record<string, unknown>;
      const { results } = body;
      const rows = Array.isArray(results)
        ? results.map((row) => marked(row, '', endpoint, marking.drift))
        : results && marked(results, '', endpoint, marking.drift);
      const text = JSON.stringify('results' in body && endpoint !== 'apiKey.info' ? { ...body, results: rows } : body);
      marking.marks += text.match(MARK)?.length ?? 0;
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  marking.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return marking;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
