/** Planned misbehaviour: which request is hit by which fault, and what the faults on pages do. */

import type { Page } from './pager.ts';
import { SHORT_FAULTS, type Body, type ErrorShape, type Fault, type FaultEffect } from './types.ts';

export class Faults {
  #planned: { fault: Fault; seen: number }[] = [];

  add(fault: Fault): void {
    this.#planned.push({ fault, seen: 0 });
  }

  clear(): void {
    this.#planned = [];
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
    return hit;
  }
}

/** Spells a short fault out as the error that it stands for. */
export function spellOut(effect: FaultEffect): FaultEffect {
  const code = (SHORT_FAULTS as Record<string, string>)[effect.kind];
  return code === undefined ? effect : { kind: 'error', code };
}

/** The page as a fault leaves it; `cursor` is the one that the request sent. */
export function spoil(page: Page, effect: FaultEffect, cursor: unknown): Page {
  const { nextCursor: _cursor, syncToken: _token, ...bare } = page;
  switch (effect.kind) {
    case 'missingCursor':
      return { ...bare, more: true };
    case 'repeatedCursor':
      return { ...bare, more: true, nextCursor: typeof cursor === 'string' ? cursor : (page.here ?? '') };
    case 'noToken':
      return page.more ? page : { ...bare, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) };
    case 'emptyPage':
      return {
        rows: Buffer.alloc(0),
        count: 0,
        more: true,
        ...(page.here === undefined ? {} : { nextCursor: page.here }),
      };
    default:
      return page;
  }
}

/** An error answer in one of the shapes met in the wild. */
export function errorBody(o: { code: string; message: string; requestId: string; shape?: ErrorShape }): object {
  switch (o.shape) {
    case 'strings':
      return { success: false, errors: [o.code] };
    case 'objects':
      return { success: false, errors: [{ message: o.code, parameter: 'unknown' }], errorInfo: null };
    case 'codeObjects':
      return { success: false, errors: [{ code: o.code, message: o.message }], errorInfo: null };
    default:
      return {
        success: false,
        errors: [o.message],
        errorInfo: { code: o.code, message: o.message, requestId: o.requestId },
      };
  }
}
