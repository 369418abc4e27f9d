import { ConnectorError } from '../errors.ts';
import type { InboxClient } from './client.ts';
import type { InboxPage } from './page.ts';

/**
 * What the inbox says, in a sentence for the connection test; `warn` is told where it is worth a warning. Throws a
 * `config_error` where it does not answer: most likely it is not where the form says, and somebody has to act.
 */
export async function inboxSentence(
  inbox: Pick<InboxClient, 'page'>,
  warn: (sentence: string) => void,
): Promise<string> {
  try {
    const page = await inbox.page(0, { limit: 1, attempts: 2 });
    const why = emptiness(page);
    if (why === undefined)
      return `The webhook inbox answers and takes the token; it holds events ${page.oldest} to ${page.last}.`;
    const sentence = `The webhook inbox answers and takes the token, but it is empty: ${why}`;
    warn(sentence);
    return sentence;
  } catch (failure) {
    if (!(failure instanceof ConnectorError)) throw failure;
    const { message, internalMessage } = failure;
    throw new ConnectorError(message, { failureType: 'config_error', internalMessage, cause: failure });
  }
}

function emptiness({ newest, last }: InboxPage): string | undefined {
  if (newest === 0)
    return 'nothing has ever arrived from Ashby. Make the webhooks with "source-ashby webhooks register", and look at what stands between Ashby and the receiver.';
  if (last === 0)
    return `all its ${newest} events are older than it keeps them. Look at "source-ashby webhooks status".`;
  return undefined;
}
