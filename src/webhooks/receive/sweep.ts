import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'minor' }) => void;

/**
 * Makes the function that frees dead young objects. The bytes of bodies lie outside the heap, where V8 lets 64 MB of
 * them gather before it looks whether they are needed; that is half of what a receiver may take. One call costs about
 * a millisecond, so it is made every few megabytes.
 */
export function sweeper(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect; // with the flag this is V8's own function
  return () => collect({ type: 'minor' });
}
