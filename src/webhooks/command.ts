import type { Argv } from 'yargs';
import { readConfig } from './key.ts';
import { openInbox } from './inbox/open.ts';
import type { Inbox } from './inbox/inbox.ts';
import { address, notifyCall, secret, unusable, webhookSecrets } from './settings.ts';
import type { WebhookWorld } from './world.ts';

export const tasks = ['serve', 'register', 'status', 'remove', 'erase', 'restored'] as const;

/** What `source-ashby webhooks …` was asked for. */
export interface WebhookWords {
  task: (typeof tasks)[number];
  inbox: string | undefined;
  listen: string;
  pullListen: string;
  keepDays: number;
  maxInboxMb: number | undefined;
  notify: string | undefined;
  notifyEvery: number;
  url: string | undefined;
  candidate: string | undefined;
  config: string | undefined;
}

const DAY_MS = 86_400_000;

/** Describes the command's options to yargs. */
export function describeWebhooks(command: Argv): Argv {
  const text = (description: string) => ({ type: 'string', requiresArg: true, description }) as const;
  return command
    .positional('task', {
      choices: tasks,
      default: 'serve',
      description:
        'serve: receive; register, status, remove: the webhooks in Ashby; erase: one candidate; restored: after a backup was put back',
    })
    .option('inbox', text('file of the inbox, or ASHBY_INBOX: a file or a postgres:// address'))
    .option('listen', { ...text('HOST:PORT that Ashby posts to'), default: '0.0.0.0:8080' })
    .option('pull-listen', { ...text('HOST:PORT for /events, /health and /metrics'), default: '127.0.0.1:8081' })
    .option('keep-days', { type: 'number', requiresArg: true, default: 90, description: 'how long events are kept' })
    .option('max-inbox-mb', {
      type: 'number',
      requiresArg: true,
      description: 'how large the file of the inbox may grow',
    })
    .option('notify', text('address to call after events came; see ASHBY_NOTIFY_METHOD, _HEADERS, _BODY'))
    .option('notify-every', {
      type: 'number',
      requiresArg: true,
      default: 60,
      description: 'seconds between two such calls at least',
    })
    .option('url', text('register: the https address under which Ashby reaches the receiver'))
    .option('candidate', text('erase: the id of the candidate'))
    .option('config', text('JSON file with the connection form, for its API key; or ASHBY_API_KEY'));
}

/** What yargs has read, as the command takes it. */
export function webhookWords(words: Readonly<Record<string, unknown>>): WebhookWords {
  const text = (name: string): string | undefined => {
    const word = words[name];
    return typeof word === 'string' ? word : undefined; // an option of type string is a text or absent
  };
  const size = words['max-inbox-mb'];
  return {
    task: tasks.find((task) => task === words['task']) ?? 'serve',
    inbox: text('inbox'),
    listen: text('listen') ?? '',
    pullListen: text('pull-listen') ?? '',
    keepDays: positive('--keep-days', words['keep-days']),
    maxInboxMb: size === undefined ? undefined : positive('--max-inbox-mb', size),
    notify: text('notify'),
    notifyEvery: positive('--notify-every', words['notify-every']),
    url: text('url'),
    candidate: text('candidate'),
    config: text('config'),
  };
}

/** Runs the command. Throws a ConnectorError for what a person can put right; resolves false where not all is well. */
export async function runWebhooks(words: WebhookWords, world: WebhookWorld): Promise<boolean> {
  const { output } = world;
  const place = words.inbox ?? (await inboxPlace(world));
  if (words.task === 'serve') return serveTask(words, place, world);
  const inbox = await openInbox({ place, warn: (line) => output.log('WARN', line) });
  try {
    return await otherTask(words, inbox, world);
  } finally {
    await inbox.close();
  }
}

async function serveTask(words: WebhookWords, place: string, world: WebhookWorld): Promise<boolean> {
  const { output } = world;
  // Everything that can be wrong is looked at before the inbox is opened.
  const settings = {
    secrets: await webhookSecrets(world),
    token: await secret('ASHBY_INBOX_TOKEN', world),
    listen: address('--listen', words.listen),
    pullListen: address('--pull-listen', words.pullListen),
    keepMs: words.keepDays * DAY_MS,
    notify:
      words.notify === undefined
        ? undefined
        : { call: await notifyCall(words.notify, world), everyMs: words.notifyEvery * 1_000 },
  };
  if (settings.token === undefined)
    output.log('WARN', 'ASHBY_INBOX_TOKEN is not set: events are received and kept, and given out to nobody.');
  const maxBytes = words.maxInboxMb === undefined ? undefined : words.maxInboxMb * 1024 * 1024;
  const inbox = await openInbox({ place, maxBytes, warn: (line) => output.log('WARN', line) });
  const { serve } = await import('./serve.ts');
  await serve(settings, inbox, world, ({ listen, pullListen }) =>
    output.log(
      'INFO',
      `Receiving on ${listen.host}:${listen.port}, read on ${pullListen.host}:${pullListen.port}; events are kept for ${words.keepDays} days.`,
    ),
  );
  return true;
}

async function otherTask(words: WebhookWords, inbox: Inbox, world: WebhookWorld): Promise<boolean> {
  const { output } = world;
  if (words.task === 'erase') {
    if (words.candidate === undefined) throw unusable('Name the candidate with --candidate ID.');
    const { eraseCandidate } = await import('./erase.ts');
    const count = await eraseCandidate(words.candidate, inbox);
    output.log('INFO', `${count} events named the candidate, or an application or offer of theirs, and are erased.`);
    return true;
  }
  if (words.task === 'restored') {
    await inbox.renewIdentity();
    output.log('INFO', 'The inbox has a new identity: readers will start from its oldest event.');
    return true;
  }
  const { register, remove, status } = await import('./subscribe/subscriptions.ts');
  const tools = { ask: await world.connect(await readConfig(words.config, world)), inbox, output };
  if (words.task === 'status') return status(tools);
  if (words.task === 'remove') await remove(tools);
  else {
    if (words.url === undefined) throw unusable('Name the address of the receiver with --url https://….');
    const [present] = await webhookSecrets(world);
    await register({ url: words.url, secret: present }, tools);
  }
  return true;
}

/** The address of a database may hold a password, so it can come as a secret. */
async function inboxPlace({ environment, hide }: WebhookWorld): Promise<string> {
  const hideAddress = (text: string): void => {
    if (text.includes('://')) hide(text);
  };
  const place = await secret('ASHBY_INBOX', { environment, hide: hideAddress }, { shortest: 1 });
  if (place === undefined) {
    throw unusable('Say where events are kept: --inbox FILE, or ASHBY_INBOX with a file or a postgres:// address.');
  }
  return place;
}

function positive(option: string, value: unknown): number {
  if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value))
    throw unusable(`${option} must be a number above 0.`);
  return value;
}
