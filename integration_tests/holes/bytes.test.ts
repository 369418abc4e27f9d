import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { idOf, readFrom, wrongWith, type Printed } from './reading.ts';
import { StandIn } from './stand-in.ts';
import { brokenRules } from '../support/transcript.ts';

/* What is in a row arrives, and a row that cannot be printed harms nobody. Issue 10, holes 10 and 11. */

let ashby: StandIn;
beforeEach(async () => {
  ashby = await StandIn.start(7);
});
afterEach(() => ashby.stop());

/** One way in which a row gets from Ashby to the output. */
interface Way {
  name: string;
  stream: string;
  config?: Record<string, unknown>;
  /** Puts in the row: the text of an object's fields, without braces and id. */
  put(fields: string): void;
}
const WHEN = '"createdAt":"2026-05-05T05:05:05.000Z","updatedAt":"2026-05-05T05:05:05.000Z"';
const row = (name: string, n: number, fields: string): string => `{"id":"${idOf(name, n)}",${WHEN},${fields}}`;
const plain = (name: string): string[] => [0, 1].map((n) => row(name, n, '"name":"plain"'));
const list = (endpoint: string, fields: string): void =>
  ashby.put(endpoint, [...plain(endpoint), row(endpoint, 2, fields)]);
const children = (of: string, endpoint: string, fields: string): void => {
  ashby.put(of, plain(of));
  ashby.about(endpoint, (parent) => (parent === idOf(of, 1) ? [row(endpoint, 7, fields)] : []));
};
const objects = (of: string, endpoint: string, fields: string): void => {
  ashby.put(of, plain(of));
  ashby.about(endpoint, (parent) => `{"id":"${parent}",${parent === idOf(of, 1) ? fields : '"name":"plain"'}}`);
};

const ways: Way[] = [
  { name: 'a token list', stream: 'jobs', put: (fields) => list('job.list', fields) },
  { name: 'a snapshot', stream: 'sources', put: (fields) => list('source.list', fields) },
  {
    name: 'candidates with a start date',
    stream: 'candidates',
    config: { start_date: '2026-01-01' },
    put: (fields) => list('candidate.list', fields),
  },
  {
    name: 'applications with a start date',
    stream: 'applications',
    config: { start_date: '2026-01-01' },
    put: (fields) => list('application.list', fields),
  },
  { name: 'postings over boards', stream: 'job_postings', put: (fields) => list('jobPosting.list', fields) },
  {
    name: 'a child row that gets its parent',
    stream: 'application_history',
    put: (fields) => children('application.list', 'application.listHistory', fields),
  },
  {
    name: 'a child row with a composite key',
    stream: 'candidate_projects',
    put: (fields) => children('candidate.list', 'candidate.listProjects', fields),
  },
  {
    name: 'an object',
    stream: 'application_details',
    put: (fields) => objects('application.list', 'application.info', fields),
  },
  {
    name: 'an object of which a field is left out',
    stream: 'notetaker_transcripts',
    put: (fields) => {
      const id = idOf('transcript', 1);
      const event = `{"id":"${idOf('event', 1)}","notetakerTranscriptId":"${id}"}`;
      ashby.put('interviewSchedule.list', [row('schedule', 1, `"interviewEvents":[${event}]`)]);
      ashby.about('notetakerTranscript.info', () => `{"id":"${id}",${fields},"transcriptUrl":"https://example.com/x"}`);
    },
  },
  {
    name: 'a row inside a row',
    stream: 'interview_events',
    put: (fields) => {
      const events = [row('event', 1, '"name":"plain"'), row('event', 2, fields)];
      ashby.put('interviewSchedule.list', [row('schedule', 1, `"interviewEvents":[${events.join(',')}]`)]);
    },
  },
];

const readWay = async ({ stream, config = {}, put }: Way, fields: string): Promise<Printed> => {
  put(fields);
  return readFrom(ashby, { streams: [stream], config });
};
const lineWith = ({ out }: Printed, text: string): string =>
  out.lines.find((line) => line.includes(text)) ?? 'no such line';

const numbers = {
  'of 30 digits': '123456789012345678901234567890',
  'beyond 2^53': '9007199254740993',
  'of many places': '0.1234567890123456789012345',
  'that ends in a zero': '19.90',
  'with an exponent': '1E5',
  'too large for a double': '1e400',
  'of nothing, negative': '-0',
};

describe.each(ways.map((way): [string, Way] => [way.name, way]))('hole 10: %s', (_name, way) => {
  test.each(Object.entries(numbers))('a number %s keeps its digits', async (_what, digits) => {
    const printed = await readWay(way, `"mark":"here","amount":${digits},"inside":{"list":[${digits}]}`);
    expect(printed.exitCode).toBe(0);
    const line = lineWith(printed, '"here"');
    expect(line).toContain(`"amount":${digits},`);
    expect(line).toContain(`"list":[${digits}]`);
    expect(line).not.toContain('example.com');
  });

  test.each([
    ['U+2028', '\u2028'],
    ['U+2029', '\u2029'],
    ['U+0085', '\u0085'],
    ['all three', 'a\u2028b\u2029c\u0085d'],
  ])('a text with %s arrives in one line, and the numbers beside it keep their digits', async (_what, text) => {
    const printed = await readWay(way, `"mark":"here${text}","amount":${numbers['of 30 digits']}`);
    expect(brokenRules(printed.out)).toEqual([]);
    const line = lineWith(printed, '"here');
    expect(line).toContain(`"amount":${numbers['of 30 digits']}`);
    expect(JSON.parse(line)).toMatchObject({ record: { data: { mark: `here${text}` } } });
    expect(printed.exitCode).toBe(0);
  });

  test.each([
    ['half a character', '\\ud83d'],
    ['the other half', '\\uDE00'],
    ['both halves in the wrong order', '\\ude00\\ud83d'],
  ])('a text with %s is printed as text that every reader takes, and the digits stay', async (_what, text) => {
    const printed = await readWay(way, `"mark":"here${text}","amount":${numbers['of 30 digits']}`);
    const line = lineWith(printed, '"here');
    expect(line).toContain(`"amount":${numbers['of 30 digits']}`);
    expect(line).not.toMatch(/\\u[dD][89a-fA-F]/);
    expect((JSON.parse(line) as { record: { data: { mark: string } } }).record.data.mark.isWellFormed()).toBe(true);
    expect(printed.exitCode).toBe(0);
  });

  test('a whole character that is written as two escapes arrives', async () => {
    const printed = await readWay(way, '"mark":"here \\ud83d\\ude00"');
    expect(JSON.parse(lineWith(printed, '"here'))).toMatchObject({ record: { data: { mark: 'here 😀' } } });
  });
});

describe.each(ways.map((way): [string, Way] => [way.name, way]))('hole 11: %s', (_name, way) => {
  test.each([5_000, 100_000])("a row nested %i levels deep harms no sibling's line", async (levels) => {
    const deep = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const siblings = ['users', 'departments', 'brands'];
    for (const name of ['user', 'department', 'brand'])
      ashby.put(
        `${name}.list`,
        Array.from({ length: 60 }, (_, n) => row(name, n, '"name":"plain"')),
      );
    way.put(`"mark":"here","deep":${deep}`);
    const streams = [way.stream, ...siblings];
    const printed = await readFrom(ashby, { streams, config: way.config ?? {} });
    expect(wrongWith(ashby, printed, streams)).toEqual([]);
    for (const sibling of siblings) expect(printed.out.endings()).toMatchObject({ [sibling]: 'COMPLETE' });
    const printedRow = printed.out.messages.find(({ record }) => record?.data['mark'] === 'here');
    if (!printedRow) expect(printed.out.endings()).toMatchObject({ [way.stream]: 'INCOMPLETE' });
  });
});
