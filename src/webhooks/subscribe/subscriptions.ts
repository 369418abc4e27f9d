import { ConnectorError } from '../../errors.ts';
import { subscribedTypes } from './event-types.ts';
import { codeOf } from '../failure.ts';
import type { Inbox, Subscription } from '../inbox/inbox.ts';
import { unusable } from '../settings.ts';
import type { AskAshby, WebhookWorld } from '../world.ts';

const WEBHOOKS_PAGE = 'in Ashby under Admin > Integrations > Webhooks';

export interface SubscriptionTools {
  ask: AskAshby;
  inbox: Pick<Inbox, 'subscriptions' | 'saveSubscription' | 'forgetSubscription'>;
  output: WebhookWorld['output'];
}

export interface Wanted {
  url: string;
  secret: string;
}

/** What Ashby says of one webhook (webhook.info, .create and .update answer the same; each echoes the secret). */
interface Told {
  id: string;
  enabled: boolean;
  requestUrl: unknown;
  secretToken: unknown;
}

/**
 * Makes the webhooks that are missing, and sets those right that are disabled or have another address or secret. What
 * it made is remembered in the inbox, since Ashby lists no webhooks. The receiver must be up and reachable: Ashby pings
 * it, and keeps a webhook disabled whose ping fails. Throws where the key lacks the permission, with what to click.
 */
export async function register(wanted: Wanted, { ask, inbox, output }: SubscriptionTools): Promise<void> {
  checkUrl(wanted.url);
  const known = new Map((await inbox.subscriptions()).map(({ type, webhookId }) => [type, webhookId]));
  const byHand: string[] = [];
  const disabled: string[] = [];
  for (const type of subscribedTypes) {
    try {
      const told = await ensure({ type, webhookId: known.get(type) }, wanted, { ask, inbox, output });
      if (!told.enabled) disabled.push(type);
    } catch (failure) {
      if (codeOf(failure) === 'missing_endpoint_permission') throw needsPermission(wanted.url);
      // The list of types that webhook.create takes lags behind the list of events (its description, 2026).
      if (codeOf(failure) !== 'invalid_input') throw failure;
      byHand.push(type);
    }
  }
  if (byHand.length > 0) {
    output.log(
      'WARN',
      `Ashby's API does not make webhooks of these types: ${byHand.join(', ')}. ${byClicking(wanted.url)}`,
    );
  }
  if (disabled.length > 0) {
    throw unusable(
      `Ashby keeps these webhooks disabled, since the receiver did not answer its ping: ${disabled.join(', ')}. Check that ${wanted.url} can be reached from the internet, leads to the receiver, and that the receiver has the same secret; then register again.`,
    );
  }
}

async function ensure(
  { type, webhookId }: { type: string; webhookId: string | undefined },
  { url, secret }: Wanted,
  { ask, inbox, output }: SubscriptionTools,
): Promise<Told> {
  const before = webhookId === undefined ? undefined : await look(webhookId, ask);
  if (before === 'gone') await inbox.forgetSubscription(type);
  if (before === undefined || before === 'gone') {
    const made = read(await ask('webhook.create', { webhookType: type, requestUrl: url, secretToken: secret }));
    await inbox.saveSubscription({ type, webhookId: made.id });
    output.log('INFO', `${type}: made, ${made.enabled ? 'enabled' : 'disabled'}.`);
    return made;
  }
  const right = before !== 'unknown' && before.enabled && before.requestUrl === url && before.secretToken === secret;
  if (right) {
    output.log('INFO', `${type}: is there, enabled.`);
    return before;
  }
  const after = read(await ask('webhook.update', { webhookId, enabled: true, requestUrl: url, secretToken: secret }));
  output.log('INFO', `${type}: set right, ${after.enabled ? 'enabled' : 'disabled'}.`);
  return after;
}

/** Prints what became of each webhook that was made; returns whether all are enabled. */
export async function status({ ask, inbox, output }: SubscriptionTools): Promise<boolean> {
  const subscriptions = await inbox.subscriptions();
  if (subscriptions.length === 0) output.log('WARN', 'No webhook was made by this inbox: see webhooks register.');
  let fine = subscriptions.length > 0;
  for (const { type, webhookId } of subscriptions) {
    const told = await look(webhookId, ask);
    const word = typeof told === 'string' ? told : told.enabled ? 'enabled' : 'disabled';
    if (word !== 'enabled') fine = false;
    const hint =
      word === 'enabled'
        ? ''
        : word === 'unknown'
          ? ' (the key lacks API Keys: Read)'
          : '; webhooks register sets it right';
    output.log(word === 'enabled' ? 'INFO' : 'WARN', `${type}: ${word}${hint}.`);
  }
  return fine;
}

/** Deletes the webhooks that were made, and forgets them. */
export async function remove({ ask, inbox, output }: SubscriptionTools): Promise<void> {
  for (const { type, webhookId } of await inbox.subscriptions()) {
    await ask('webhook.delete', { webhookId }).catch((failure: unknown) => {
      if (codeOf(failure) === 'missing_endpoint_permission') throw needsPermission();
      if (!isGone(failure)) throw failure;
    });
    await inbox.forgetSubscription(type);
    output.log('INFO', `${type}: removed.`);
  }
}

async function look(webhookId: Subscription['webhookId'], ask: AskAshby): Promise<Told | 'gone' | 'unknown'> {
  try {
    return read(await ask('webhook.info', { webhookId }));
  } catch (failure) {
    if (isGone(failure)) return 'gone';
    if (codeOf(failure) === 'missing_endpoint_permission') return 'unknown'; // info needs another permission than update
    throw failure;
  }
}

function isGone(failure: unknown): boolean {
  return codeOf(failure) === 'webhook_not_found';
}

function read(results: Record<string, unknown>): Told {
  const { id, enabled, requestUrl, secretToken } = results;
  if (typeof id !== 'string' || typeof enabled !== 'boolean') {
    throw new ConnectorError('Ashby answered about a webhook without its id or state. Try again later.', {
      failureType: 'transient_error',
    });
  }
  return { id, enabled, requestUrl, secretToken };
}

function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '') {
    throw unusable(
      '--url must be the https address under which Ashby reaches the receiver, without a user name or password.',
    );
  }
}

function needsPermission(url?: string): ConnectorError {
  const doing = url === undefined ? `Delete the webhooks by hand ${WEBHOOKS_PAGE}.` : byClicking(url, subscribedTypes);
  return unusable(
    `The API key lacks the permission "API Keys: Write" (apiKeysWrite) that making webhooks needs. Use a key that has it for this one command, or do it by hand. ${doing}`,
  );
}

function byClicking(url: string, types?: readonly string[]): string {
  const which = types ? `each of these events: ${types.join(', ')}` : 'each of them';
  return `Make one webhook ${WEBHOOKS_PAGE} for ${which}; Request URL ${url}, Secret Token the value of ASHBY_WEBHOOK_SECRET.`;
}
