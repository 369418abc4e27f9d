/** Refusals, in the shapes that were met in the wild. */

import type { ErrorShape } from './effects.ts';

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
