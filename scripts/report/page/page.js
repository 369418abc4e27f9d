/* Draws the page. Runs in the browser, with d3 and Plot before it; figures.ts says what the rows hold. */
'use strict';

const figures = JSON.parse(document.getElementById('figures').textContent);
const [department, job] = ['department', 'job'].map((id) => document.getElementById(id));
const count = (value) => Math.round(value).toLocaleString('en');
const share = (part, whole) => (whole > 0 ? `${Math.round((100 * part) / whole)} %` : '–');
const INK = 'var(--ink)';
const [BAR, GOOD, LATE] = ['var(--bar)', 'var(--good)', 'var(--late)'];

function option(value, text) {
  const element = document.createElement('option');
  [element.value, element.textContent] = [value, text];
  return element;
}

function listJobs() {
  const some = figures.jobs.filter((row) => !department.value || row.department === department.value);
  job.replaceChildren(option('', 'All jobs'), ...some.map((row) => option(row.job, row.title ?? row.job)));
}

/** The rows of one question that the filters leave. */
function chosen(name) {
  const jobs = new Set(
    figures.jobs
      .filter(
        (row) => (!department.value || row.department === department.value) && (!job.value || row.job === job.value),
      )
      .map((row) => row.job),
  );
  const all = !department.value && !job.value;
  return figures[name].filter((row) => all || jobs.has(row.job));
}

const sums = (rows, key, names) =>
  d3
    .rollups(
      rows,
      (some) => Object.fromEntries(names.map((name) => [name, d3.sum(some, (row) => row[name])])),
      (row) => row[key],
    )
    .map(([name, values]) => ({ [key]: name, ...values }));

/** The middle of days that come with how often they occur. */
function quantile(rows, part) {
  const sorted = d3.sort(rows, (row) => row.days);
  const total = d3.sum(sorted, (row) => row.stays);
  let seen = 0;
  for (const row of sorted) if ((seen += row.stays) >= part * total) return row.days;
  return 0;
}

function section({ title, says, wide, plot, columns, rows }) {
  const element = document.createElement('section');
  if (wide) element.className = 'wide';
  const heading = document.createElement('h2');
  heading.textContent = title;
  const text = document.createElement('p');
  text.textContent = rows.length > 0 ? says : 'Nothing to show here.';
  element.append(heading, text);
  document.getElementById('charts').append(element);
  if (rows.length === 0) return;
  const chart = document.createElement('div');
  chart.className = 'chart';
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', `${title}. ${says} The table below has the figures.`);
  element.append(chart);
  const width = Math.max(280, chart.clientWidth);
  chart.append(Plot.plot({ width, marginBottom: 40, style: { background: 'transparent' }, ...plot(width) }));
  const details = document.createElement('details');
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const [name] of columns) {
    const cell = document.createElement('th');
    [cell.scope, cell.textContent] = ['col', name];
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const [, value] of columns) line.insertCell().textContent = value(row);
  }
  const label = document.createElement('summary');
  label.textContent = 'Figures';
  details.append(label, table);
  element.append(details);
}

const left = (width, rows, key) =>
  Math.min(width * 0.42, 12 + 7 * Math.max(0, ...rows.map((row) => String(row[key]).length)));

function draw() {
  document.getElementById('charts').replaceChildren();
  const applications = chosen('applications');
  const hires = d3.sum(applications, (row) => row.hires);
  const total = d3.sum(applications, (row) => row.applications);
  const spans = chosen('hires');
  document.getElementById('summary').textContent =
    `${count(total)} applications, ${count(hires)} hires (${share(hires, total)}), ` +
    `${count(d3.sum(applications, (row) => row.open))} still open` +
    (spans.length > 0 ? `; half of the hires took ${count(d3.median(spans, (row) => row.days))} days or less.` : '.');

  const links = new Map(figures.applications.map((row) => [row.source, row.links]));
  const sources = d3
    .sort(
      sums(applications, 'source', ['applications', 'interviewed', 'hires']),
      (row) => -row.hires,
      (row) => -row.applications,
    )
    .slice(0, 16)
    .map((row) => ({ ...row, name: (links.get(row.source) > 0 ? '◆ ' : '') + row.source }));
  section({
    title: 'Which sources and tracking links bring hires',
    says: 'Hires, and beside them how many applications it took. ◆ marks sources that tracking links lead to.',
    wide: true,
    rows: sources,
    columns: [
      ['Source', (row) => row.source],
      ['Tracking links', (row) => count(links.get(row.source) ?? 0)],
      ['Applications', (row) => count(row.applications)],
      ['Interviewed', (row) => count(row.interviewed)],
      ['Hires', (row) => count(row.hires)],
      ['Hired of 100', (row) => (row.applications > 0 ? ((100 * row.hires) / row.applications).toFixed(1) : '–')],
    ],
    plot: (width) => ({
      marginLeft: left(width, sources, 'name'),
      marginRight: width < 500 ? 110 : 200,
      height: 30 + 26 * sources.length,
      x: { label: 'hires', ticks: 5, tickFormat: 'd' },
      y: { label: null, domain: sources.map((row) => row.name) },
      marks: [
        Plot.barX(sources, { x: 'hires', y: 'name', fill: (row) => (row.name.startsWith('◆') ? GOOD : BAR), rx: 3 }),
        Plot.text(sources, {
          x: 'hires',
          y: 'name',
          text: (row) =>
            width < 500
              ? `${count(row.hires)} of ${count(row.applications)}`
              : `${count(row.hires)} of ${count(row.applications)} (${share(row.hires, row.applications)})`,
          dx: 6,
          textAnchor: 'start',
          fill: INK,
        }),
        Plot.ruleX([0], { stroke: INK }),
      ],
    }),
  });

  const places = new Map([...figures.funnel, ...figures.stays].map((row) => [row.stage, row.place]));
  const inOrder = (rows) => d3.sort(rows, (row) => places.get(row.stage));
  const funnel = inOrder(sums(chosen('funnel'), 'stage', ['entered', 'passed']));
  section({
    title: 'How far applications get',
    says: 'Of those that have ended: how many stood in each stage, and how many of them came further.',
    rows: funnel,
    columns: [
      ['Stage', (row) => row.stage],
      ['Stood in it', (row) => count(row.entered)],
      ['Came further', (row) => count(row.passed)],
      ['Share', (row) => share(row.passed, row.entered)],
    ],
    plot: (width) => ({
      marginLeft: left(width, funnel, 'stage'),
      marginRight: 90,
      height: 40 + 34 * funnel.length,
      x: { label: 'applications', ticks: 4 },
      y: { label: null, domain: funnel.map((row) => row.stage) },
      marks: [
        Plot.barX(funnel, { x: 'entered', y: 'stage', fill: BAR, rx: 3 }),
        Plot.barX(funnel, { x: 'passed', y: 'stage', fill: GOOD, rx: 3, insetTop: 8, insetBottom: 8 }),
        Plot.text(funnel, {
          x: 'entered',
          y: 'stage',
          text: (row) => `${count(row.entered)}${row.stage === 'Hired' ? '' : ` → ${share(row.passed, row.entered)}`}`,
          dx: 6,
          textAnchor: 'start',
          fill: INK,
        }),
      ],
    }),
  });

  const stays = inOrder(
    d3
      .rollups(
        chosen('stays'),
        (some) => ({ median: quantile(some, 0.5), late: quantile(some, 0.9) }),
        (row) => row.stage,
      )
      .map(([stage, values]) => ({ stage, ...values })),
  );
  section({
    title: 'Where they wait',
    says: 'Days in each stage: half leave before the dot, nine in ten before the end of the line.',
    rows: stays,
    columns: [
      ['Stage', (row) => row.stage],
      ['Median days', (row) => row.median.toFixed(1)],
      ['Nine in ten within', (row) => row.late.toFixed(1)],
    ],
    plot: (width) => ({
      marginLeft: left(width, stays, 'stage'),
      marginRight: 30,
      height: 40 + 34 * stays.length,
      x: { label: 'days', ticks: 5, grid: true },
      y: { label: null, domain: stays.map((row) => row.stage) },
      marks: [
        Plot.ruleY(stays, { x1: 0, x2: 'late', y: 'stage', stroke: BAR, strokeWidth: 6, strokeLinecap: 'round' }),
        Plot.dot(stays, { x: 'median', y: 'stage', fill: GOOD, r: 6 }),
      ],
    }),
  });

  const quarters = d3
    .rollups(
      spans,
      (some) => ({ hires: some.length, median: d3.median(some, (row) => row.days) }),
      (row) => `${row.day.slice(0, 4)} Q${Math.ceil(Number(row.day.slice(5, 7)) / 3)}`,
    )
    .map(([quarter, values]) => ({ quarter, ...values }));
  section({
    title: 'Days to hire, over time',
    says: 'Median days from application to hire, by quarter of the hire; the bigger the dot, the more hires.',
    rows: quarters,
    columns: [
      ['Quarter', (row) => row.quarter],
      ['Hires', (row) => count(row.hires)],
      ['Median days', (row) => row.median.toFixed(1)],
    ],
    plot: (width) => ({
      height: 260,
      x: {
        label: null,
        type: 'point',
        domain: quarters.map((row) => row.quarter),
        ticks: quarters
          .filter((_, n) => n % Math.max(1, Math.ceil(quarters.length / (width / 75))) === 0)
          .map((row) => row.quarter),
      },
      y: { label: 'days', zero: true, grid: true },
      r: { range: [3, 9] },
      marks: [
        Plot.line(quarters, { x: 'quarter', y: 'median', stroke: GOOD }),
        Plot.dot(quarters, { x: 'quarter', y: 'median', r: 'hires', fill: GOOD }),
      ],
    }),
  });

  const offers = d3.sort(sums(chosen('offers'), 'answer', ['offers']), (row) => -row.offers);
  section({
    title: 'What becomes of offers',
    says: 'Offers by their state.',
    rows: offers,
    columns: [
      ['State', (row) => row.answer],
      ['Offers', (row) => count(row.offers)],
    ],
    plot: (width) => ({
      marginLeft: left(width, offers, 'answer'),
      marginRight: 50,
      height: 40 + 34 * offers.length,
      x: { label: 'offers', ticks: 4, tickFormat: 'd' },
      y: { label: null, domain: offers.map((row) => row.answer) },
      marks: [
        Plot.barX(offers, { x: 'offers', y: 'answer', fill: (row) => (row.answer === 'Accepted' ? GOOD : BAR), rx: 3 }),
        Plot.text(offers, {
          x: 'offers',
          y: 'answer',
          text: (row) => count(row.offers),
          dx: 6,
          textAnchor: 'start',
          fill: INK,
        }),
      ],
    }),
  });

  const interviewers = d3
    .sort(sums(chosen('interviewers'), 'interviewer', ['interviews', 'late']), (row) => -row.interviews)
    .slice(0, 12);
  section({
    title: 'Who interviews most',
    says: 'Interviews of the twelve busiest; orange are those whose scorecard came later than a day after.',
    rows: interviewers,
    columns: [
      ['Interviewer', (row) => row.interviewer],
      ['Interviews', (row) => count(row.interviews)],
      ['Late scorecards', (row) => count(row.late)],
    ],
    plot: (width) => ({
      marginLeft: left(width, interviewers, 'interviewer'),
      marginRight: 50,
      height: 40 + 26 * interviewers.length,
      x: { label: 'interviews', ticks: 4, tickFormat: 'd' },
      y: { label: null, domain: interviewers.map((row) => row.interviewer) },
      marks: [
        Plot.barX(interviewers, { x: 'interviews', y: 'interviewer', fill: BAR, rx: 3 }),
        Plot.barX(interviewers, { x: 'late', y: 'interviewer', fill: LATE, rx: 3 }),
        Plot.text(interviewers, {
          x: 'interviews',
          y: 'interviewer',
          text: (row) => count(row.interviews),
          dx: 6,
          textAnchor: 'start',
          fill: INK,
        }),
      ],
    }),
  });

  const openings = chosen('openings');
  const plan = d3
    .rollups(
      openings,
      (some) => some.length,
      (row) => row.state,
    )
    .map(([state, n]) => ({ state, openings: n }));
  section({
    title: 'Headcount plan',
    says: `Openings by state; ${count(openings.filter((row) => row.state === 'Filled' && row.due && row.closed <= row.due).length)} of ${count(openings.filter((row) => row.state === 'Filled' && row.due).length)} filled ones with a target date were filled by then.`,
    rows: plan,
    columns: [
      ['State', (row) => row.state],
      ['Openings', (row) => count(row.openings)],
    ],
    plot: (width) => ({
      marginLeft: left(width, plan, 'state'),
      marginRight: 50,
      height: 40 + 34 * plan.length,
      x: { label: 'openings', ticks: 4, tickFormat: 'd' },
      y: { label: null, domain: plan.map((row) => row.state) },
      marks: [
        Plot.barX(plan, { x: 'openings', y: 'state', fill: (row) => (row.state === 'Filled' ? GOOD : BAR), rx: 3 }),
        Plot.text(plan, {
          x: 'openings',
          y: 'state',
          text: (row) => count(row.openings),
          dx: 6,
          textAnchor: 'start',
          fill: INK,
        }),
      ],
    }),
  });
}

department.append(
  option('', 'All departments'),
  ...d3.sort(new Set(figures.jobs.map((row) => row.department))).map((name) => option(name, name)),
);
listJobs();
department.addEventListener('change', () => {
  listJobs();
  draw();
});
job.addEventListener('change', draw);
let width = window.innerWidth;
window.addEventListener('resize', () => {
  if (width !== window.innerWidth) draw();
  width = window.innerWidth;
});
draw();
