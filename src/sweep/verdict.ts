import type { Difference } from './sketch.ts';
import { guardText, healedText, outgrownText } from './verdict-text.ts';

/** A table with fewer rows may lose any part of them (but not all). */
const GUARDED_FROM_ROWS = 50;
const GUARDED_SHARE = 0.1;

export interface Findings {
  /** Keys that the memory holds. Undefined: there is no memory yet, or a damaged one. */
  before: number | undefined;
  /** Keys that the walk has found. */
  now: number;
  /** What the memory has and the walk has not, and the other way round. */
  difference: Difference | 'too-many';
  /** How many keys the memory can name; undefined for a list, which names all. */
  capacity: number | undefined;
  /** Keys that the destination has and the memory perhaps not: printed since, of rows without a creation time. */
  loose?: readonly string[];
  /** Why memory and walk cannot be compared, as half a sentence: "start_date was changed". */
  barred?: string;
  /** False where rows may have been put into the memory twice (`NewRows.isWhole`). */
  isSound: boolean;
  /** Kinds of rows, of this table or another, that the last sweep saw and this one does not: "confidential jobs". */
  lost: readonly string[];
  /** Whether the walk has seen this key. */
  isLiving: (key: string) => boolean;
  /** Whether it was created so lately that the next pass over changes brings it anyway (`NewRows`, in the walk). */
  isYoung: (key: string) => boolean;
  /** Keys missed before: by the last complete walk, or asked for and not found dead. */
  suspects: readonly string[];
  /** How many keys may be asked for one by one; undefined where Ashby has no call for that. */
  asksAtMost: number | undefined;
}

export interface Notice {
  level: 'INFO' | 'WARN';
  text: string;
}

/** In all of them `print` are keys to print as living, and `suspects` goes into the state. */
interface Told {
  print: readonly string[];
  /** How many of them no pass over changes has named, though they are older. */
  healed: number;
  suspects: readonly string[];
  say: Notice | undefined;
}

export type Verdict =
  /** Nothing is buried. The walk becomes the memory; with `printWhole` all its rows are printed. */
  | (Told & { kind: 'renewed'; printWhole: boolean })
  /** Nothing is buried. The old memory stays, with what is printed by name added to it. */
  | (Told & { kind: 'guarded'; printWhole: boolean })
  /** The walk becomes the memory, together with all `missing` that `settle` does not bury. */
  | (Told & { kind: 'compared'; missing: readonly string[]; bury: readonly string[]; ask: readonly string[] });

/** What a table's complete walk means. Pure; whatever it says, no key that the walk has seen is buried. */
export function judge(findings: Findings): Verdict {
  const { before, now, barred, difference, capacity, isSound, lost, isLiving } = findings;
  const suspects = findings.suspects.filter((key) => !isLiving(key));
  if (barred !== undefined) return renewed(`${barred}, so this time nothing can be compared.`);
  if (before === undefined) return renewed(undefined);
  if (now === 0 && before > 0) return guarded(findings, suspects);
  if (difference === 'too-many') {
    // Where new rows alone are more than can be named, that is why; where the memory is unsound, it stays so.
    const isOurs = lost.length === 0 && (!isSound || now - before > (capacity ?? 0));
    return isOurs ? renewed(outgrownText(findings), true) : guarded(findings, suspects);
  }
  const missing = missingOf(findings, difference);
  const isMuch = before >= GUARDED_FROM_ROWS && missing.length > GUARDED_SHARE * before;
  // A key that no longer sees a kind of rows misses them by the handful too, and the calls for one row deny them.
  if (isMuch || (lost.length > 0 && missing.length > 0)) return guarded(findings, suspects);
  return compared(findings, difference, missing, new Set(suspects));
}

function compared(
  findings: Findings,
  difference: Difference,
  missing: readonly string[],
  suspects: ReadonlySet<string>,
): Verdict {
  const again = missing.filter((key) => suspects.has(key));
  const first = missing.filter((key) => !suspects.has(key));
  const healing = healingOf(findings, difference);
  const say: Notice | undefined = healing.healed > 0 ? { level: 'INFO', text: healedText(healing.healed) } : undefined;
  const told = { kind: 'compared', missing, ...healing, say } as const;
  if (findings.asksAtMost === undefined) return { ...told, bury: again, ask: [], suspects: first };
  // Those that were asked for before and are not dead come last, so that they keep nobody from his turn.
  return { ...told, bury: [], ask: [...first, ...again].slice(0, findings.asksAtMost), suspects: again };
}

/** What a call for one key said: `not-found` is Ashby's `<thing>_not_found` and nothing else. */
export type Answer = 'not-found' | 'living' | 'unclear' | { mergedInto: string };

export interface Settled {
  bury: readonly string[];
  /** Missing and not buried: they go into the new memory, so that the next sweep names them again. */
  keep: readonly string[];
  suspects: readonly string[];
}

/**
 * The end of a `compared` verdict, once the keys of `ask` were asked for. A merge counts where the candidate that it
 * names was seen by the walk. Keys without an answer wait for the next sweep.
 */
export function settle(
  { missing, bury, ask, suspects }: Extract<Verdict, { kind: 'compared' }>,
  answers: ReadonlyMap<string, Answer>,
  isLiving: (key: string) => boolean,
): Settled {
  const isDead = (key: string): boolean => {
    const answer = answers.get(key);
    return answer === 'not-found' || (typeof answer === 'object' && isLiving(answer.mergedInto));
  };
  const buried = new Set([...bury, ...ask.filter(isDead)].filter((key) => !isLiving(key)));
  const asked = ask.filter((key) => answers.has(key));
  return {
    bury: [...buried],
    keep: missing.filter((key) => !buried.has(key)),
    suspects: [...new Set([...suspects, ...asked])].filter((key) => !buried.has(key)),
  };
}

function missingOf({ loose = [], isLiving }: Findings, { onlyInFirst }: Difference): string[] {
  return [...new Set([...onlyInFirst, ...loose])].filter((key) => !isLiving(key));
}

type Healing = Pick<Told, 'print' | 'healed'>;

function healingOf({ isYoung }: Findings, difference: Difference | 'too-many'): Healing {
  const print = difference === 'too-many' ? [] : difference.onlyInSecond;
  return { print, healed: print.filter((key) => !isYoung(key)).length };
}

function renewed(text: string | undefined, printWhole = false): Verdict {
  const say: Notice | undefined = text === undefined ? undefined : { level: printWhole ? 'WARN' : 'INFO', text };
  return { kind: 'renewed', printWhole, print: [], healed: 0, suspects: [], say };
}

function guarded(findings: Findings, suspects: readonly string[]): Verdict {
  const { difference } = findings;
  const missing = difference === 'too-many' ? undefined : missingOf(findings, difference).length;
  const say: Notice = { level: 'WARN', text: guardText(findings, missing) };
  return { kind: 'guarded', printWhole: difference === 'too-many', ...healingOf(findings, difference), suspects, say };
}
