import type { Clock } from '../http/clock.ts';
import { createTransport } from '../http/transport.ts';
import { InboxClient } from './client.ts';

export interface InboxWorld {
  clock: Clock;
  random(): number;
  signal: AbortSignal;
  /** Where HTTPS_PROXY and NO_PROXY are looked up. */
  environment: Readonly<Record<string, string | undefined>>;
  userAgent: string;
  output: { log(level: 'INFO' | 'WARN', line: string): void };
  /** Given what is to be done when the command is through. */
  onEnd(action: () => void): void;
}

/** The client of the inbox, over connections of its own: nothing of them is shared with those to Ashby. */
export function connectInbox({ url, token }: { url: string; token: string }, world: InboxWorld): InboxClient {
  const { clock, random, signal, environment, userAgent, output, onEnd } = world;
  if (travelsOpenly(url)) {
    const what = '"webhook_inbox_url" is plain http to a host that does not look like one of your own network';
    output.log('WARN', `${what}: the token and people's data travel readable for others. Use https.`);
  }
  const transport = createTransport({
    connectTimeoutMs: 10_000,
    idleTimeoutMs: 30_000,
    totalTimeoutMs: 120_000,
    maxAnswerBytes: 24 * 1024 * 1024,
    maxBytesInFlight: 24 * 1024 * 1024,
    environment,
  });
  onEnd(() => transport.close());
  const info = (line: string): void => output.log('INFO', line);
  return new InboxClient({ url, token, userAgent, send: transport.send, clock, random, signal, info });
}

/** Whether the token would travel readable for others: over plain http to what does not look like a host of one's own. */
function travelsOpenly(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return false;
  const isOwn =
    !/[.:]/.test(hostname) || // a name of a network of one's own, as in compose and Kubernetes
    /\.(local|internal|lan|svc|localhost)$|\.svc\.[a-z.-]+$/.test(hostname) ||
    /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\.|^\[(::1|f[cd])/.test(hostname);
  return !isOwn;
}
