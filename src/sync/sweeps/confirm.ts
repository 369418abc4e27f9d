import type { AshbyClient, Meter } from '../../ashby/client.ts';
import { AshbyError } from '../../ashby/envelope.ts';
import type { Answer } from '../../sweep/verdict.ts';
import type { Confirmation } from '../../tables/definition.ts';

/** So many missing rows of a table are asked for one by one in one sweep; the others wait for the next. */
export const ASKS_AT_MOST = 600;

export interface ConfirmWorld {
  client: AshbyClient;
  meter: Meter;
}

/**
 * Asks for rows that are missing from their list. Only `<thing>_not_found` is a death. Another row in the answer is
 * damage, unless it comes twice and candidates can be merged. Whatever else happens leaves the row unclear.
 */
export async function confirm(
  { endpoint, permission, parameter, merges }: Confirmation,
  keys: readonly string[],
  { client, meter }: ConfirmWorld,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const waiting = [...keys];
  const ask = async (key: string): Promise<{ id: string } | 'not-found' | 'unclear'> => {
    try {
      const body = { [parameter]: key };
      const { value } = await client.object({ endpoint, permission, queue: 'fan-out', body }, meter);
      return typeof value['id'] === 'string' ? { id: value['id'] } : 'unclear';
    } catch (failure) {
      if (!(failure instanceof AshbyError)) throw failure;
      return failure.kind === 'not-found' ? 'not-found' : 'unclear';
    }
  };
  const work = async (): Promise<void> => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      const first = await ask(key);
      if (typeof first !== 'object') answers.set(key, first);
      else if (first.id === key) answers.set(key, 'living');
      else {
        const again = merges ? await ask(key) : 'unclear';
        const sameAgain = typeof again === 'object' && again.id === first.id;
        answers.set(key, sameAgain ? { mergedInto: first.id } : 'unclear');
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, client.width) }, work));
  return answers;
}
