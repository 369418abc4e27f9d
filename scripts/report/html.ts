/** One page that holds everything: figures, charts' library, style. It asks the network for nothing. */

import { readFileSync } from 'node:fs';
import type { Figures } from './figures.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const LIBRARIES = ['d3/dist/d3.min.js', '@observablehq/plot/dist/plot.umd.min.js'];

/** Text within a script element must not end it. */
const sealed = (script: string): string => script.replaceAll('</', '<\\/').replaceAll('<!--', '<\\!--');

export function pageOf(figures: Figures, about: string): string {
  const scripts = LIBRARIES.map((path) => `<script>${sealed(read(`../../node_modules/${path}`))}</script>`);
  const json = JSON.stringify(figures).replaceAll('<', '\\u003c');
  const escaped = about.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return read('page/page.html')
    .replace('/* style */', () => read('page/page.css'))
    .replace('<!-- about -->', () => escaped)
    .replace('<!-- scripts -->', () =>
      [
        `<script type="application/json" id="figures">${json}</script>`,
        ...scripts,
        `<script>${sealed(read('page/page.js'))}</script>`,
      ].join('\n'),
    );
}
