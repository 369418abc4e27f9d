import type { Server } from 'node:http';
import { ConnectorError } from '../errors.ts';
import { codeOf } from './failure.ts';
import { GroupCommit } from './inbox/group.ts';
import type { Inbox } from './inbox/inbox.ts';
import { keepTidy } from './janitor.ts';
import { Notifier } from './notify.ts';
import { call } from './subscribe/outbound.ts';
import { createPullServer } from './pull.ts';
import { Listener, type Bounds } from './receive/listener.ts';
import { Seldom } from './seldom.ts';
import type { Address, Call } from './settings.ts';
import { Tally } from './tally.ts';
import type { WebhookWorld } from './world.ts';

export interface ReceiverSettings {
  secrets: readonly string[];
  token: string | undefined;
  listen: Address;
  pullListen: Address;
  keepMs: number;
  notify: { call: Call; everyMs: number } | undefined;
  bounds?: Bounds;
}

/** How long requests under way may take when the receiver is told to stop; a platform waits 10 s before it kills. */
const GRACE_MS = 4_000;

/**
 * Receives until the signal is aborted; then finishes what is under way and resolves. `ready` is told the addresses
 * once both listeners are open. Closes the inbox in any case.
 */
export async function serve(
  settings: ReceiverSettings,
  inbox: Inbox,
  world: Pick<WebhookWorld, 'output' | 'clock' | 'signal' | 'userAgent' | 'protect'>,
  ready: (addresses: { listen: Address; pullListen: Address }) => void = () => undefined,
): Promise<void> {
  const { output, clock, signal, userAgent, protect } = world;
  const now = (): number => clock.now();
  const warn = (line: string): void => output.log('WARN', line);
  const tally = new Tally();
  const seldom = new Seldom(clock);
  const group = new GroupCommit((arrivals) => inbox.append(arrivals));
  const notifier = settings.notify && notifierOf(settings.notify, tally, { output, clock, signal, userAgent });
  const listener = new Listener({
    secrets: settings.secrets,
    keep: (arrival) => group.add(arrival),
    onEvent: ({ action }) => action !== 'ping' && notifier?.event(),
    protect,
    tally,
    now,
    warn: (reason) => seldom.say(reason, (times) => warn(`Refused as no delivery of Ashby's (${reason})${times}.`)),
    storeTrouble: (code) =>
      seldom.say(code, (times) =>
        output.log(
          'ERROR',
          `A delivery could not be kept (${code})${times}. Ashby was told 503 and sends it again for 2 h 49 min at most: check the disk or the database of the inbox.`,
        ),
      ),
    ...(settings.bounds ? { bounds: settings.bounds } : {}),
  });
  const gauges = (): { connections: number; bodyBytes: number } => ({
    connections: listener.connections.size,
    bodyBytes: listener.intake.bytes,
  });
  const pull = createPullServer({
    inbox,
    token: settings.token,
    tally,
    gauges,
    warn: (line) => seldom.say(line, (times) => warn(`${line}${times}`)),
  });
  try {
    const addresses = {
      listen: await open(listener.server, settings.listen, '--listen'),
      pullListen: await open(pull, settings.pullListen, '--pull-listen'),
    };
    if (notifier && (await inbox.facts()).backlog > 0) notifier.event(); // what came before the last stop
    const tidying = keepTidy({
      inbox,
      keepMs: settings.keepMs,
      clock,
      signal,
      info: (line) => output.log('INFO', line),
      warn,
    });
    ready(addresses);
    await aborted(signal);
    output.log('INFO', 'Stopping: what is under way is finished first.');
    await Promise.all([stop(listener.server), stop(pull), tidying, notifier?.idle()]);
    await group.idle();
  } finally {
    listener.server.close();
    pull.close();
    await inbox.close();
  }
}

function notifierOf(
  { call: what, everyMs }: NonNullable<ReceiverSettings['notify']>,
  tally: Tally,
  { output, clock, signal, userAgent }: Pick<WebhookWorld, 'output' | 'clock' | 'signal' | 'userAgent'>,
): Notifier {
  return new Notifier({
    call: () => call(what, userAgent, signal),
    everyMs,
    clock,
    signal,
    told: (failure) => {
      tally.notified[failure === undefined ? 'sent' : 'failed'] += 1;
      if (failure === undefined) output.log('INFO', 'Events came: --notify was called.');
      else output.log('WARN', `--notify was called without success (${failure}); it is called again later.`);
    },
  });
}

async function open(server: Server, { host, port }: Address, option: string): Promise<Address> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1_024 }, resolve);
  }).catch((cause: unknown) => {
    throw new ConnectorError(
      `The receiver cannot listen on ${host}:${port} (${codeOf(cause)}). Name another address with ${option}.`,
      { failureType: 'config_error', cause },
    );
  });
  const bound = server.address();
  return { host, port: typeof bound === 'object' && bound ? bound.port : port };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Takes no new connections, lets requests end, and cuts those off that do not within the grace. */
async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kept-alive connection becomes idle only when its answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  server.closeIdleConnections();
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
