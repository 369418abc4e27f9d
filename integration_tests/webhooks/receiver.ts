import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { systemClock } from '../../src/http/clock.ts';
import type { Inbox } from '../../src/webhooks/inbox/inbox.ts';
import { SqliteInbox } from '../../src/webhooks/inbox/sqlite.ts';
import { defaultBounds } from '../../src/webhooks/receive/listener.ts';
import { serve, type ReceiverSettings } from '../../src/webhooks/serve.ts';
import type { WebhookWorld } from '../../src/webhooks/world.ts';
import { startConnector } from '../support/process.ts';
import { SECRET } from './sender.ts';

export const TOKEN = 'a-token-for-tests-0123456789';

export interface Given {
  number: number;
  id: string | null;
  action: string;
  receivedAt: string;
  body: any;
}
export interface EventsAnswer {
  inbox: string;
  next: number;
  oldest: number;
  newest: number;
  last: number;
  events: Given[];
}

/** Asks the pull interface. */
export async function pull(
  port: number,
  path: string,
  token: string | undefined = TOKEN,
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
  });
  return { status: answer.status, text: await answer.text() };
}

/** All events, page by page, as a reader fetches them. */
export async function allEvents(port: number, behind = 0): Promise<Given[]> {
  const all: Given[] = [];
  for (let after = behind; ;) {
    const { text } = await pull(port, `/events?after=${after}&limit=1000`);
    const page = JSON.parse(text) as EventsAnswer;
    if (page.events.length === 0) return all;
    all.push(...page.events);
    after = page.next;
  }
}

/** A receiver inside this process. */
export class Receiver {
  port = 0;
  pullPort = 0;
  readonly log: string[] = [];
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  static async start(
    inbox: Inbox,
    settings: Partial<ReceiverSettings> = {},
    world: Partial<WebhookWorld> = {},
  ): Promise<Receiver> {
    const receiver = new Receiver();
    const loopback = { host: '127.0.0.1', port: 0 };
    await new Promise<void>((resolve, reject) => {
      receiver.#ended = serve(
        {
          secrets: [SECRET],
          token: TOKEN,
          listen: loopback,
          pullListen: loopback,
          keepMs: 90 * 86_400_000,
          notify: undefined,
          bounds: defaultBounds,
          ...settings,
        },
        inbox,
        {
          output: { log: (level, line) => void receiver.log.push(`${level} ${line}`) },
          ...{ clock: systemClock, signal: receiver.#stop.signal, userAgent: 'tests', protect: undefined, ...world },
        },
        ({ listen, pullListen }) => {
          receiver.port = listen.port;
          receiver.pullPort = pullListen.port;
          resolve();
        },
      );
      receiver.#ended.catch(reject);
    });
    return receiver;
  }

  /** As a signal would; resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}

/** A receiver with a file of its own. */
export async function withFile(
  settings: Partial<ReceiverSettings> = {},
  world: Partial<WebhookWorld> = {},
): Promise<Receiver & { inbox: Inbox; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'source-ashby-receiver-'));
  const inbox = await SqliteInbox.open({ path: join(folder, 'inbox.db') });
  const receiver = await Receiver.start(inbox, settings, world);
  const remove = async (): Promise<void> => {
    await receiver.stop();
    await rm(folder, { recursive: true });
  };
  return Object.assign(receiver, { inbox, remove });
}

/** A receiver as a process of its own, which can be killed. */
export class ReceiverProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
  port = 0;
  pullPort = 0;

  private constructor(inbox: string, args: readonly string[], env: Record<string, string>) {
    const listen = ['--listen', '127.0.0.1:0', '--pull-listen', '127.0.0.1:0'];
    this.child = startConnector(['webhooks', ...listen, ...args], {
      env: { ASHBY_INBOX: inbox, ASHBY_WEBHOOK_SECRET: SECRET, ASHBY_INBOX_TOKEN: TOKEN, ...env },
    });
    let stdout = '';
    let stderr = '';
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
  }

  static async start(
    inbox: string,
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<ReceiverProcess> {
    const receiver = new ReceiverProcess(inbox, args, env);
    let seen = '';
    await new Promise<void>((resolve, reject) => {
      receiver.child.stdout?.on('data', (text: string) => {
        seen += text;
        const [, port, pullPort] = /Receiving on [\d.]+:(\d+), read on [\d.]+:(\d+)/.exec(seen) ?? [];
        if (port === undefined) return;
        receiver.port = Number(port);
        receiver.pullPort = Number(pullPort);
        resolve();
      });
      void receiver.ended.then(({ code, stdout, stderr }) =>
        reject(new Error(`the receiver ended (${code ?? 'signal'}):\n${stdout}${stderr}`)),
      );
    });
    return receiver;
  }

  get residentMb(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  }

  async kill(
    signal: NodeJS.Signals = 'SIGKILL',
  ): Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }> {
    this.child.kill(signal);
    return this.ended;
  }
}
