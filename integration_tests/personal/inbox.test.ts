import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { groups } from '../../src/personal/choices.ts';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import type { Row } from '../support/transcript.ts';
import { allEvents, ReceiverProcess, type Given } from '../webhooks/receiver.ts';
import { deliver, event } from '../webhooks/sender.ts';
import { MARK, marked } from './marked.ts';

/* What the webhook receiver keeps of personal data: in its answers, and in the bytes of the inbox's files. */

/** What events carry, and where the simulator has such an object. */
const carried: Readonly<Record<string, { action: string; endpoint: string; body?: Row }>> = {
  application: { action: 'applicationUpdate', endpoint: 'application.list' },
  candidate: { action: 'candidateUpdate', endpoint: 'candidate.list' },
  interviewSchedule: { action: 'interviewScheduleUpdate', endpoint: 'interviewSchedule.list' },
  job: { action: 'jobUpdate', endpoint: 'job.list', body: { status: ['Open', 'Closed'], expand: ['location'] } },
  jobPosting: { action: 'jobPostingUpdate', endpoint: 'jobPosting.list' },
  offer: { action: 'offerUpdate', endpoint: 'offer.list' },
  opening: { action: 'openingCreate', endpoint: 'opening.list' },
  surveySubmission: {
    action: 'surveySubmit',
    endpoint: 'surveySubmission.list',
    body: { surveyType: 'Questionnaire' },
  },
  takeHomeAssignment: { action: 'takeHomeAssignmentSubmitted', endpoint: 'takeHomeAssignment.list' },
};

const SALT = 'a long random text for tests only';
const choices = (choice: string): string => JSON.stringify(Object.fromEntries(groups.map((group) => [group, choice])));

let sim: Simulator;
beforeAll(async () => {
  sim = await startSimulator({ scale: 60 });
});
afterAll(() => sim.close());

/** Posts events that carry marked objects, with and without unknown fields, and returns what was kept of them. */
async function keep(
  env: Record<string, string>,
  drift = false,
): Promise<{ sent: number; posted: number; events: Given[]; files: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'source-ashby-personal-'));
  const path = join(folder, 'inbox.db');
  const receiver = await ReceiverProcess.start(path, [], env);
  let [sent, posted] = [0, 0];
  for (const [name, { action, endpoint, body }] of Object.entries(carried)) {
    for (const [index, row] of [...sim.rows(endpoint, body)].slice(0, 12).entries()) {
      const data = { [name]: marked(row, '', endpoint, drift && index % 2 === 1) };
      const text = event(`${name}-${index}`, data, action);
      posted += 1;
      sent += text.match(MARK)?.length ?? 0;
      expect((await deliver(receiver.port, text)).status).toBe(200);
    }
  }
  const events = await allEvents(receiver.pullPort);
  // While it runs, so that what SQLite has written ahead is still beside the file.
  const files = await Promise.all(
    (await readdir(folder)).map((file) => readFile(join(folder, file), 'latin1').catch(() => '')),
  );
  expect((await readdir(folder)).length).toBeGreaterThan(1);
  receiver.child.kill('SIGTERM');
  const { stdout, stderr } = await receiver.ended;
  await rm(folder, { recursive: true });
  return { sent, posted, events, files: [...files, stdout, stderr, JSON.stringify(events)] };
}

const found = (files: readonly string[]): string[] => files.flatMap((text) => text.match(MARK) ?? []);

describe('the inbox', () => {
  test('without a choice holds the events as they came', async () => {
    const { sent, files } = await keep({});
    expect(sent).toBeGreaterThan(200);
    expect(found(files).length).toBeGreaterThan(200);
  });

  test.each(['drop', 'hash'])('with every group at %s none of its files holds a marked value', async (choice) => {
    // Names of answers stay when answers are hashed, so fields that nobody declared are for `drop`.
    const env = { PERSONAL_DATA: choices(choice), PERSONAL_DATA_SALT: SALT };
    const { posted, events, files } = await keep(env, choice === 'drop');
    expect(found(files)).toEqual([]);
    for (const { id, action, body } of events) {
      const [name = ''] = String(id).split('-');
      expect(body).toMatchObject({ webhookActionId: id, action, data: { [name]: { id: expect.any(String) } } });
    }
    expect(events).toHaveLength(posted);
  });

  test("hashes of events are the tables' hashes", async () => {
    const { events } = await keep({ PERSONAL_DATA: '{"contact":"hash"}', PERSONAL_DATA_SALT: SALT });
    const rows = new Map([...sim.rows('application.list')].map((row) => [row['id'], row['candidate'] as Row]));
    const names = events.flatMap(({ body }) => (body.data.application ? [body.data.application] : []));
    expect(names).toHaveLength(12);
    for (const { id, candidate } of names) {
      const was = marked(rows.get(id), 'candidate', 'application.list', false) as Row;
      const hash = createHmac('sha256', SALT).update(String(was['name'])).digest('hex');
      expect(candidate).toMatchObject({ name: hash, id: was['id'] });
    }
  });
});

describe('choices that cannot be used', () => {
  test.each([
    ['no JSON', { PERSONAL_DATA: 'contact: jane@example.com' }, 'must be an object'],
    ['a group that there is none', { PERSONAL_DATA: '{"email":"drop"}' }, 'no group of personal data'],
    ['a hash without a salt', { PERSONAL_DATA: '{"contact":"hash"}' }, 'there is no salt'],
  ])('%s stops the receiver before it starts', async (_what, env, why) => {
    const folder = await mkdtemp(join(tmpdir(), 'source-ashby-personal-'));
    const receiver = await ReceiverProcess.start(join(folder, 'inbox.db'), [], env).catch((error: unknown) => error);
    await rm(folder, { recursive: true });
    expect(String(receiver)).toContain(why);
    expect(String(receiver)).not.toContain('jane@');
  });
});
