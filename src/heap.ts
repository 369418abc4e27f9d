import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** How much more than what was found alive may be allocated before the old objects are gone through, in percent. */
const GROWTH_PERCENT = 60;
/** Room for young objects (both of its halves, in bytes): a few pages of rows. V8 would take four times as much. */
const YOUNG_BYTES = 8_000_000;
const LOOK_EVERY_MS = 20;

/**
 * Keeps the process small. Rows live for moments, but V8, left alone, lets much of what is dead lie about: for all
 * tables at once that is nearly twice the memory, for a sixth less of CPU. The room for young objects can be bounded
 * from within only by stopping its growth (`--semi-space-growth-factor`), so it is looked at until it is large enough.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  const timer = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (young && young.space_size < YOUNG_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    clearInterval(timer);
  }, LOOK_EVERY_MS);
  timer.unref();
}
