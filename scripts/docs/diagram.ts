import type { Table } from '../../src/tables/definition.ts';
import { streams } from '../../src/tables/table.ts';
import { joinsOf, type Join } from './joins.ts';

/*
 * docs/tables.svg: every table with its key and the columns that lead to others. A table with many lines to it would
 * hide the rest, so each box names what its columns join to, and lines are drawn inside a group only.
 */

const GROUPS: readonly (readonly [title: string, belongs: RegExp])[] = [
  ['Candidates', /^candidate(s$|_(?!tags$))|^referral|^sequences$/],
  ['Applications', /^application(s$|_(?!feedback|hiring_team_roles|criteria))|^application_criteria|^archive_reasons$|^sources?(_|$)/],
  ['Interviews and feedback', /^interview|^application_feedback$|^feedback_|^take_home|^notetaker/],
  ['Jobs and openings', /^job|^opening|^close_reasons$/],
  ['Offers and approvals', /^offer|^approval/],
  ['Organisation and set-up', /./],
];

const LAYOUT = { columns: 4, box: 470, gap: 60, line: 17, head: 26, pad: 8, title: 46, margin: 30 } as const;

interface Box {
  stream: Table;
  joins: readonly Join[];
  x: number;
  y: number;
  height: number;
}

export function diagram(): string {
  const names = new Set<string>();
  const parts: string[] = [];
  let y: number = LAYOUT.margin;
  for (const [title, belongs] of GROUPS) {
    const members = streams.filter(({ name }) => !names.has(name) && belongs.test(name));
    for (const { name } of members) names.add(name);
    const { boxes, height } = laidOut(members, y + LAYOUT.title);
    parts.push(`<text class="group" x="${LAYOUT.margin}" y="${y + 26}">${title}</text>`);
    parts.push(...linesOf(boxes), ...boxes.map(drawn));
    y += LAYOUT.title + height + LAYOUT.gap / 2;
  }
  const width = 2 * LAYOUT.margin + LAYOUT.columns * LAYOUT.box + (LAYOUT.columns - 1) * LAYOUT.gap;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-labelledby="title">`,
    '<title id="title">The tables, their keys, and what their columns join to</title>',
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${y}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = [
  'text{font:13px ui-monospace,Menlo,Consolas,monospace;fill:#1f2933}',
  '.group{font:600 22px system-ui,sans-serif}',
  '.name{font-weight:600;fill:#fff}',
  '.key{font-weight:600}',
  '.to{fill:#5f6b7a}',
  '.paper{fill:#fff}',
  '.box{fill:#f7f9fb;stroke:#9aa5b1}',
  '.head{fill:#3e4c7a}',
  '.head.inside{fill:#2f7a6b}',
  '.join{fill:none;stroke:#7b8794;stroke-width:1.2}',
].join('');

/** Boxes in columns, each put where the most room is. */
function laidOut(members: readonly Table[], top: number): { boxes: Box[]; height: number } {
  const heights = Array.from({ length: LAYOUT.columns }, () => 0);
  const boxes = members.map((stream): Box => {
    const joins = joinsOf(stream);
    const lowest = heights.indexOf(Math.min(...heights));
    const height = LAYOUT.head + 2 * LAYOUT.pad + rowsOf(stream, joins).length * LAYOUT.line;
    const box = {
      stream,
      joins,
      x: LAYOUT.margin + lowest * (LAYOUT.box + LAYOUT.gap),
      y: top + (heights[lowest] ?? 0),
      height,
    };
    heights[lowest] = (heights[lowest] ?? 0) + height + LAYOUT.gap / 2;
    return box;
  });
  return { boxes, height: Math.max(...heights) };
}

/** The key first, then what leads elsewhere. */
function rowsOf({ key }: Table, joins: readonly Join[]): { column: string; isKey: boolean; to?: Join }[] {
  const plain = key.filter((column) => !joins.some((join) => join.column === column));
  return [
    ...plain.map((column) => ({ column, isKey: true })),
    ...joins.map((to) => ({ column: to.column, isKey: key.includes(to.column), to })),
  ];
}

function drawn({ stream, joins, x, y, height }: Box): string {
  const inside = stream.source.kind === 'inside' ? ' inside' : '';
  const rows = rowsOf(stream, joins).map(({ column, isKey, to }, index) => {
    const at = y + LAYOUT.head + LAYOUT.pad + (index + 1) * LAYOUT.line - 4;
    const joined = to ? `<tspan class="to"> → ${to.table}${to.to === 'id' ? '' : `.${to.to}`}</tspan>` : '';
    return `<text x="${x + 10}" y="${at}"><tspan${isKey ? ' class="key"' : ''}>${column}${isKey ? ' (key)' : ''}</tspan>${joined}</text>`;
  });
  return [
    `<g><rect class="box" x="${x}" y="${y}" width="${LAYOUT.box}" height="${height}" rx="5"/>`,
    `<rect class="head${inside}" x="${x}" y="${y}" width="${LAYOUT.box}" height="${LAYOUT.head}" rx="5"/>`,
    `<text class="name" x="${x + 10}" y="${y + 18}">${stream.name}</text>`,
    ...rows,
    '</g>',
  ].join('\n');
}

/** From each table to those of its group in a neighbouring column that it joins to. */
function linesOf(boxes: readonly Box[]): string[] {
  return boxes.flatMap((from) => {
    const targets = boxes.filter(({ stream, x }) => {
      const isNeighbour = Math.abs(x - from.x) === LAYOUT.box + LAYOUT.gap;
      return isNeighbour && from.joins.some(({ table }) => table === stream.name);
    });
    return targets.map((to) => {
      const right = to.x > from.x;
      const [x1, x2] = right ? [from.x + LAYOUT.box, to.x] : [from.x, to.x + LAYOUT.box];
      const bend = (x1 + x2) / 2;
      const [y1, y2] = [from.y + LAYOUT.head / 2, to.y + LAYOUT.head / 2];
      return `<path class="join" d="M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}"/>`;
    });
  });
}
