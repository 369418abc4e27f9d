import { expect, test } from '@jest/globals';
import { subscribedTypes } from './event-types.ts';
import type { Subscription } from '../inbox/inbox.ts';
import { register, remove, status } from './subscriptions.ts';

const SECRET = 'the-secret-0123456789';
const URL = 'https://hooks.example.com/ashby';

interface Hook {
  id: string;
  enabled: boolean;
  requestUrl: string;
  secretToken: string;
  webhookType: string;
}

/** Ashby's four endpoints, and an inbox that remembers. */
class World {
  hooks = new Map<string, Hook>();
  remembered = new Map<string, string>();
  calls: string[] = [];
  log: string[] = [];
  refuse: Record<string, string> = {};
  /** Types that webhook.create does not know. */
  unknownTypes = new Set<string>();
  pingWorks = true;
  #made = 0;

  readonly ask = (endpoint: string, body: Record<string, unknown>): Promise<Record<string, unknown>> => {
    this.calls.push(endpoint);
    const refused = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
    const code = this.refuse[endpoint];
    if (code !== undefined) return refused(code);
    if (endpoint === 'webhook.create') {
      const webhookType = String(body['webhookType']);
      if (this.unknownTypes.has(webhookType)) return refused('invalid_input');
      const hook = {
        id: `id-${(this.#made += 1)}`,
        enabled: this.pingWorks,
        requestUrl: String(body['requestUrl']),
        secretToken: String(body['secretToken']),
        webhookType,
      };
      this.hooks.set(hook.id, hook);
      return Promise.resolve({ ...hook });
    }
    const hook = this.hooks.get(String(body['webhookId']));
    if (!hook) return refused('webhook_not_found');
    if (endpoint === 'webhook.delete') this.hooks.delete(hook.id);
    if (endpoint === 'webhook.update')
      Object.assign(hook, body, { enabled: body['enabled'] === true && this.pingWorks });
    return Promise.resolve({ ...hook });
  };

  readonly inbox = {
    subscriptions: (): Promise<Subscription[]> =>
      Promise.resolve([...this.remembered].map(([type, webhookId]) => ({ type, webhookId }))),
    saveSubscription: ({ type, webhookId }: Subscription): Promise<void> =>
      Promise.resolve(void this.remembered.set(type, webhookId)),
    forgetSubscription: (type: string): Promise<void> => Promise.resolve(void this.remembered.delete(type)),
  };
  readonly output = { log: (level: string, line: string) => void this.log.push(`${level} ${line}`) };

  count(endpoint: string): number {
    return this.calls.filter((call) => call === endpoint).length;
  }
}

const registered = async (): Promise<World> => {
  const world = new World();
  await register({ url: URL, secret: SECRET }, world);
  return world;
};

test('register makes the smallest set, one webhook a type, and remembers each', async () => {
  const world = await registered();
  const types = [...world.hooks.values()].map(({ webhookType }) => webhookType);
  expect(types).toEqual([...subscribedTypes]);
  for (const doubled of [
    'candidateStageChange',
    'candidateHire',
    'interviewScheduleCreate',
    'jobPostingPublish',
    'jobPostingUnpublish',
  ]) {
    expect(types).not.toContain(doubled);
  }
  expect([...world.remembered.values()]).toEqual([...world.hooks.keys()]);
});

test('register once more makes nothing and changes nothing', async () => {
  const world = await registered();
  world.calls = [];
  await register({ url: URL, secret: SECRET }, world);
  expect(new Set(world.calls)).toEqual(new Set(['webhook.info']));
});

test('register enables what is disabled, makes anew what is gone, and carries a new secret and address over', async () => {
  const world = await registered();
  const [first, second] = [...world.hooks.values()];
  if (!first || !second) throw new Error('nothing was made');
  first.enabled = false;
  world.hooks.delete(second.id);
  world.calls = [];
  await register({ url: URL, secret: SECRET }, world);
  expect([world.count('webhook.update'), world.count('webhook.create')]).toEqual([1, 1]);
  expect(first.enabled).toBe(true);
  await register({ url: `${URL}/new`, secret: 'another-secret-0123456789' }, world);
  for (const hook of world.hooks.values()) {
    expect(hook).toMatchObject({ enabled: true, requestUrl: `${URL}/new`, secretToken: 'another-secret-0123456789' });
  }
  expect(world.hooks.size).toBe(subscribedTypes.length);
});

test('without the permission to look, what is remembered is set right all the same', async () => {
  const world = await registered();
  for (const hook of world.hooks.values()) hook.enabled = false;
  world.refuse = { 'webhook.info': 'missing_endpoint_permission' };
  await register({ url: URL, secret: SECRET }, world);
  expect([...world.hooks.values()].every(({ enabled }) => enabled)).toBe(true);
});

test('without the permission to make, it is told what to click, and never the secret', async () => {
  const world = new World();
  world.refuse = { 'webhook.create': 'missing_endpoint_permission' };
  const failure: unknown = await register({ url: URL, secret: SECRET }, world).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({
    failureType: 'config_error',
    message: expect.stringMatching(/API Keys: Write.*Admin > Integrations > Webhooks/),
  });
  for (const type of [...subscribedTypes, URL]) expect(String(failure)).toContain(type);
  expect(String(failure) + world.log.join()).not.toContain(SECRET);
});

test('types that the API does not make are named for making by hand, and the others are made', async () => {
  const world = new World();
  world.unknownTypes = new Set(['takeHomeAssignmentAssigned', 'openingCreate']);
  await register({ url: URL, secret: SECRET }, world);
  expect(world.hooks.size).toBe(subscribedTypes.length - 2);
  expect(world.log.join('\n')).toMatch(/WARN .*openingCreate, takeHomeAssignmentAssigned/);
  expect(world.log.join('\n')).not.toContain(SECRET);
});

test('webhooks whose ping failed are told as a failure, and are made only once', async () => {
  const world = new World();
  world.pingWorks = false;
  await expect(register({ url: URL, secret: SECRET }, world)).rejects.toThrow(/disabled.*did not answer its ping/);
  world.pingWorks = true;
  await register({ url: URL, secret: SECRET }, world);
  expect(world.count('webhook.create')).toBe(subscribedTypes.length);
});

test.each(['http://hooks.example.com', 'hooks.example.com', 'https://me:secret@hooks.example.com'])(
  'the address %s is refused before anything is made',
  async (url) => {
    const world = new World();
    await expect(register({ url, secret: SECRET }, world)).rejects.toMatchObject({ failureType: 'config_error' });
    expect(world.calls).toEqual([]);
  },
);

test('another failure ends it, and what was made is remembered', async () => {
  const world = new World();
  const { ask } = world;
  const tools = {
    inbox: world.inbox,
    output: world.output,
    ask: (endpoint: string, body: Record<string, unknown>) =>
      world.hooks.size < 3 ? ask(endpoint, body) : Promise.reject(new Error('down')),
  };
  await expect(register({ url: URL, secret: SECRET }, tools)).rejects.toThrow('down');
  expect(world.remembered.size).toBe(3);
});

test('status tells what is enabled, disabled, gone or unknown', async () => {
  const world = await registered();
  expect(await status(world)).toBe(true);
  const [first, second] = [...world.hooks.values()];
  if (first) first.enabled = false;
  world.hooks.delete(second?.id ?? '');
  world.log = [];
  expect(await status(world)).toBe(false);
  expect(world.log.filter((line) => line.startsWith('WARN'))).toEqual([
    expect.stringMatching(/applicationSubmit: disabled; webhooks register sets it right/),
    expect.stringMatching(/applicationUpdate: gone/),
  ]);
  world.refuse = { 'webhook.info': 'missing_endpoint_permission' };
  expect(await status(world)).toBe(false);
  expect(world.log.at(-1)).toMatch(/unknown \(the key lacks API Keys: Read\)/);
  expect(await status(new World())).toBe(false);
});

test('remove deletes what was made, also what is gone already, and forgets it', async () => {
  const world = await registered();
  world.hooks.delete([...world.hooks.keys()][0] ?? '');
  await remove(world);
  expect([world.hooks.size, world.remembered.size]).toEqual([0, 0]);
});
