/** Planned misbehaviour: which request is hit by which fault. */

import type { Body } from '../types.ts';
import { SHORT_FAULTS, type Fault, type FaultEffect } from './effects.ts';
import { Detours } from './pages.ts';

export class Faults {
  #planned: { fault: Fault; seen: number }[] = [];
  readonly detours = new Detours();

  add(fault: Fault): void {
    this.#planned.push({ fault, seen: 0 });
  }

  clear(): void {
    this.#planned = [];
    this.detours.clear();
  }

  /** The fault that hits this request, if any; every matching request counts. */
  next(endpoint: string, body: unknown): FaultEffect | undefined {
    let hit: FaultEffect | undefined;
    for (const planned of this.#planned) {
      const { fault } = planned;
      if (fault.endpoint !== undefined && fault.endpoint !== endpoint) continue;
      const asBody: Body = typeof body === 'object' && body !== null ? (body as Body) : {};
      if (fault.where && !fault.where(asBody)) continue;
      planned.seen++;
      const first = fault.nth ?? 1;
      if (!hit && planned.seen >= first && planned.seen < first + (fault.times ?? 1)) hit = fault;
    }
    return hit && spellOut(hit);
  }
}

/** Spells a short fault out as the error that it stands for. */
function spellOut(effect: FaultEffect): FaultEffect {
  const code = (SHORT_FAULTS as Record<string, string>)[effect.kind];
  return code === undefined ? effect : { kind: 'error', code };
}
