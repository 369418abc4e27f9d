/** How often what was deleted is looked for: the configuration's `find_deleted`. */
export const OFTEN = ['never', 'every_sync', 'daily', 'weekly', 'monthly'] as const;
export type Often = (typeof OFTEN)[number];

const HOUR_MS = 3_600_000;
/** An hour or so is let off, lest a daily run that starts a minute early waits for another day. */
const AFTER_MS: Record<Exclude<Often, 'never'>, number> = {
  every_sync: 0,
  daily: 23 * HOUR_MS,
  weekly: (7 * 24 - 2) * HOUR_MS,
  monthly: (30 * 24 - 2) * HOUR_MS,
};
/** Keys of rows without a creation time that are remembered between two sweeps. */
export const LOOSE_AT_MOST = 100;

export interface Since {
  /** When the last complete sweep of the table began; undefined if there was none. */
  sweptMs: number | undefined;
  nowMs: number;
  /** Keys printed since, of rows without a creation time. */
  loose: number;
  /** `NewRows.isWhole`. */
  isWhole: boolean;
  /** Something was missed that only a sweep makes up for. */
  overdue?: boolean;
}

/** Whether a table is to be swept in this run: because it is time, or because no more can be remembered. */
export function isDue(often: Often, { sweptMs, nowMs, loose, isWhole, overdue = false }: Since): boolean {
  if (often === 'never') return false;
  if (sweptMs === undefined || loose > LOOSE_AT_MOST || !isWhole || overdue) return true;
  // A clock that was set back must not put the next sweep off for years.
  return nowMs < sweptMs || nowMs - sweptMs >= AFTER_MS[often];
}
