import { ConnectorError, type FailureType } from '../errors.ts';
import { ProxyError, type NetworkError } from '../http/network-error.ts';

/** What the webhook inbox did not answer, in a sentence for the user. Nothing of an answer is quoted: it holds personal data. */
export class InboxError extends ConnectorError {
  /** Whether asking again may help. */
  readonly passes: boolean;

  constructor(
    message: string,
    { failureType, why, passes }: { failureType: FailureType; why: string; passes: boolean },
  ) {
    super(message, { failureType, internalMessage: why });
    this.name = 'InboxError';
    this.passes = passes;
  }
}

const WHERE = 'docs/webhooks.md, "The order of steps", says how an inbox is reached.';

/** Codes of OpenSSL and Node for a certificate that is not believed. */
const CERTIFICATE = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/;

export function unreachable(failure: NetworkError): InboxError {
  const { code, via } = failure;
  if (failure instanceof ProxyError) {
    const failureType = failure.final ? 'config_error' : 'transient_error';
    return new InboxError(`The webhook inbox: ${failure.message}`, { failureType, why: code, passes: !failure.final });
  }
  if (CERTIFICATE.test(code)) {
    return new InboxError(
      `The certificate of the webhook inbox is not trusted (${code}), so nothing was sent. Give "webhook_inbox_url" the name that the certificate is for, or name your own authority's certificate in the environment variable NODE_EXTRA_CA_CERTS.`,
      { failureType: 'config_error', why: code, passes: false },
    );
  }
  const way = via === undefined ? '' : `, through the proxy ${via}`;
  return new InboxError(
    `The webhook inbox cannot be reached (${code})${way}. Check that the receiver runs, that "webhook_inbox_url" is the address of its --pull-listen, and that this machine may connect to it.`,
    { failureType: 'transient_error', why: code, passes: true },
  );
}

/** An answer with another status than 200. */
export function refusal(status: number): InboxError {
  const why = `status ${status}`;
  const fault = (message: string): InboxError =>
    new InboxError(message, { failureType: 'config_error', why, passes: false });
  if (status === 401) {
    return fault(
      'The webhook inbox refuses the token (status 401). Give "webhook_inbox_token" the value that the receiver has as ASHBY_INBOX_TOKEN.',
    );
  }
  if (status === 403) {
    return fault(
      'The webhook inbox gives out no events (status 403). Start the receiver with ASHBY_INBOX_TOKEN, and give "webhook_inbox_token" the same value.',
    );
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return new InboxError(
      `The webhook inbox is in trouble (status ${status}) and stayed so. Look at the receiver's log and its /health, then run the sync again.`,
      { failureType: 'transient_error', why, passes: true },
    );
  }
  return fault(
    `What answers at "webhook_inbox_url" is no webhook inbox (status ${status}). Give the address of the receiver's --pull-listen, such as http://receiver:8081, and not that of the port that Ashby posts to. ${WHERE}`,
  );
}

/** Status 200, and not what an inbox answers. */
export function noPage(why: string, body: Buffer): InboxError {
  // Most likely the address is wrong; a page of a proxy's may pass.
  const isMarkup = /^\s*</.test(body.toString('latin1', 0, 200));
  if (isMarkup) {
    return new InboxError(
      `What answers at "webhook_inbox_url" is a web page and no webhook inbox. Give the address of the receiver's --pull-listen, such as http://receiver:8081. ${WHERE}`,
      { failureType: 'config_error', why: 'HTML', passes: true },
    );
  }
  return new InboxError(
    `The webhook inbox gave an answer that is none (${why}), and kept doing so. Check what stands between it and the connector, and that "webhook_inbox_url" leads to a receiver of this release; then run the sync again.`,
    { failureType: 'transient_error', why, passes: true },
  );
}

export function tooLarge(limitBytes: number): InboxError {
  return new InboxError(
    `The answer of the webhook inbox is larger than ${Math.floor(limitBytes / 1024 / 1024)} MB, which no inbox gives. Check that "webhook_inbox_url" leads to the receiver.`,
    { failureType: 'config_error', why: 'answer too large', passes: false },
  );
}

/** The inbox changed while it was read: what was read and what comes belong to two inboxes. */
export function anotherInbox(): InboxError {
  return new InboxError(
    'Another webhook inbox answers than a moment ago: it was restored meanwhile, or two receivers with inboxes of their own share one address. Give several receivers one Postgres; then run the sync again.',
    { failureType: 'transient_error', why: 'another inbox', passes: false },
  );
}

/** Events reached the age at which they are deleted while the walk was on its way to them. */
export function expired(): InboxError {
  return new InboxError(
    'Events were deleted from the webhook inbox while it was read, because they had become too old. Sync more often, or start the receiver with more --keep-days.',
    { failureType: 'transient_error', why: 'events expired', passes: false },
  );
}
