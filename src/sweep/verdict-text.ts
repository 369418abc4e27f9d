import type { Findings } from './verdict.ts';

const REALLY_GONE = 'If the rows are really gone, clear this table and read it from the beginning, without its state.';

/** Nothing was buried, for fear of a key that reads less than before. `missing`: how many rows, where they have names. */
export function guardText(
  { before = 0, now, lost }: Pick<Findings, 'before' | 'now' | 'lost'>,
  missing: number | undefined,
): string {
  const many =
    missing ?? (before > now ? `at least ${(before - now).toLocaleString('en-US')}` : 'more than can be named');
  const missed = `of ${rows(before)}, ${many.toLocaleString('en-US')} ${many === 1 ? 'is' : 'are'} missing from Ashby's list`;
  const whole = missing === undefined ? ', and the table is printed whole once more' : '';
  if (lost.length > 0) {
    return (
      `${missed}, and Ashby's lists show no ${lost.join(' and no ')} any more, of which there were some at the last ` +
      `sweep. Most likely the API key has lost sight of them, so no row was marked as deleted${whole}. Tick "Allow ` +
      'access to confidential jobs and projects" for the key in Ashby (Admin > Integrations > API Keys), and the next ' +
      `sweep goes on as if nothing had happened. ${REALLY_GONE}`
    );
  }
  return (
    `${missed}. That is too much to be taken for deletions, so no row was marked as deleted${whole}. Most ` +
    'likely the API key may read less than before: confidential jobs and their candidates, private fields, or a ' +
    'module. Give the key its permissions back in Ashby (Admin > Integrations > API Keys), and the next sweep goes on ' +
    `as if nothing had happened. ${REALLY_GONE}`
  );
}

/** The memory was of no use, for reasons that have nothing to do with the key. */
export function outgrownText({ before = 0, now, isSound }: Findings): string {
  const why = isSound
    ? `it grew from ${rows(before)} to ${rows(now)}, more than the memory of the last sweep can name`
    : 'more new rows came in an interrupted run than could be remembered';
  return (
    `what was deleted since the last sweep cannot be told, since ${why}. No row was marked as deleted; the ` +
    'table is printed whole, and the next sweep compares with this one. To get rid of rows that were deleted in ' +
    'between, clear this table and read it from the beginning, without its state.'
  );
}

export function healedText(healed: number): string {
  const [many, they, are] = healed === 1 ? ['1 row', 'it is', 'was'] : [rows(healed), 'they are', 'were'];
  return (
    `${many} that Ashby had named in no change since the last sweep ${are} found in its list; ${they} ` +
    'printed now. This happens when the API key has gained a permission.'
  );
}

function rows(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'row' : 'rows'}`;
}
