/**
 * Looks for the API key in everything that tests make the connector print, in every form that it could leak in. What is
 * found goes into a folder that leaks-setup.mjs made; leaks-teardown.mjs fails the run for it.
 */

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultOptions } from '../simulator/index.ts';

/** A leak of twice as many characters shows, wherever in a secret it begins. */
const WINDOW = 12;

const watched = new Map<string, readonly string[]>();

/** Adds a secret to those that are looked for. */
export function watchFor(secret: string): void {
  if (!watched.has(secret)) watched.set(secret, piecesOf(secret));
}

watchFor(defaultOptions().key);

/** Looks a text over. Where there is no folder, as outside of jest, it does nothing. */
export function lookForLeaks(text: string, where: string): void {
  const folder = process.env['LEAKS_FOLDER'];
  if (folder === undefined || text === '') return;
  appendFileSync(join(folder, 'sizes'), `${text.length}\n`);
  const found = leaksIn(text);
  if (found.length > 0) appendFileSync(join(folder, 'found'), `${where}: ${found.join(', ')}\n`);
}

/** The pieces of watched secrets that are in the text. */
export function leaksIn(text: string): string[] {
  const pieces = [...watched.values()].flat();
  return pieces.filter((piece) => text.includes(piece));
}

/** Pieces of all forms: as it is, hexadecimal, percent-encoded, and base64 at each of its three alignments. */
function piecesOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  const percent = (code: string): string => code.replace(/../g, '%$&');
  const base64 = [0, 1, 2].flatMap((before) => {
    const code = Buffer.from(`${'x'.repeat(before)}${secret}:`).toString('base64');
    const inside = code.slice(before === 0 ? 0 : 4, -4); // the rest depends on what stands around it
    return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const forms = [secret, hex, hex.toUpperCase(), percent(hex), percent(hex.toUpperCase()), ...base64];
  return [...new Set(forms.flatMap(windows))];
}

function windows(text: string): string[] {
  const count = Math.floor(text.length / WINDOW);
  return Array.from({ length: count }, (_, n) => text.slice(n * WINDOW, (n + 1) * WINDOW));
}
