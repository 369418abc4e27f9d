/** Where the webhook inbox is, and what a reader shows. */
export interface InboxConfig {
  /** The address that readers are given, without a slash at its end and without `/events`. */
  url: string;
  token: string;
}

/** What is left of the address where somebody pasted that of the events. */
const EVENTS = /\/+(events\/*)?$/;

/**
 * The two fields of the connection form about the inbox: undefined where both are empty, a sentence where they cannot be
 * used. Neither is quoted: one is a secret, and somebody may have put it into the other.
 */
export function inboxConfig(url: unknown, token: unknown): InboxConfig | undefined | string {
  if (url === undefined && token === undefined) return undefined;
  if (token === undefined)
    return '"webhook_inbox_url" is given without "webhook_inbox_token". Give the value that the receiver has as ASHBY_INBOX_TOKEN, or leave both empty.';
  if (url === undefined)
    return '"webhook_inbox_token" is given without "webhook_inbox_url". Give the address of the receiver\'s --pull-listen, or leave both empty.';
  const given = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (!given || !/^https?:$/.test(given.protocol))
    return '"webhook_inbox_url" is no http or https address. Write it like http://receiver:8081.';
  if (given.username !== '' || given.password !== '')
    return '"webhook_inbox_url" holds a user name or password. Put the token into "webhook_inbox_token" and leave it out here.';
  if (given.search !== '' || given.hash !== '')
    return '"webhook_inbox_url" holds more than an address. Leave out what stands behind "?" or "#".';
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,1024}$/.test(token))
    return '"webhook_inbox_token" holds a space or a character that no token has. Paste it again, alone and whole.';
  return { url: given.href.replace(EVENTS, ''), token };
}
