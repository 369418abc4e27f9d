/** What the page shows, read from the marts: the same questions to DuckDB and to Postgres. No candidate is named. */

type Row = Record<string, unknown>;
/** Answers a SELECT whose columns are texts and floating-point numbers. */
export type Ask = (sql: string) => Promise<Row[]>;

const number = (expression: string): string => `cast(${expression} as double precision)`;

/** A question each, by name. Every row says its job, so that the page can filter. */
export const QUESTIONS: Readonly<Record<string, string>> = {
  jobs: `select job_id as job, min(job_title) as title, min(coalesce(department, 'No department')) as department
    from ashby__applications group by job_id order by 2, 1`,
  applications: `select job_id as job, coalesce(source, 'No source') as source, ${number('max(tracking_links_of_source)')} as links,
      ${number('count(*)')} as applications, ${number('sum(case when interviewing_since is not null then 1 else 0 end)')} as interviewed,
      ${number("sum(case when status = 'Hired' then 1 else 0 end)")} as hires,
      ${number("sum(case when status in ('Active', 'Lead') then 1 else 0 end)")} as open
    from ashby__applications group by 1, 2 order by 1, 2`,
  funnel: `select job_id as job, stage_group as stage, ${number('max(stage_group_order)')} as place,
      ${number('sum(entered)')} as entered, ${number('sum(passed)')} as passed
    from ashby__funnel group by 1, 2 order by 1, 3`,
  stays: `select a.job_id as job, h.stage_group as stage, ${number('max(h.stage_group_order)')} as place,
      ${number('round(cast(h.days_in_stage as numeric), 1)')} as days, ${number('count(*)')} as stays
    from ashby__stage_history h inner join ashby__applications a on h.application_id = a.application_id
    where h.days_in_stage is not null and not h.is_accidental and h.stage_type not in ('Hired', 'Archived')
    group by 1, 2, 4 order by 1, 3, 4`,
  hires: `select job_id as job, cast(cast(ended_at as date) as varchar) as day, ${number('round(cast(days as numeric), 1)')} as days
    from ashby__durations where measure = 'time to hire' order by 2, 1`,
  offers: `select job_id as job, acceptance_status as answer, ${number('count(*)')} as offers
    from ashby__offers group by 1, 2 order by 1, 2`,
  interviewers: `select job_id as job, coalesce(first_name || ' ' || last_name, user_id) as interviewer, ${number('count(*)')} as interviews,
      ${number('sum(case when is_scorecard_late then 1 else 0 end)')} as late
    from ashby__interviews group by 1, 2 order by 1, 2`,
  openings: `select job_id as job, identifier as opening, state, cast(target_hire_date as varchar) as due,
      cast(cast(closed_at as date) as varchar) as closed, cast(is_backfill as varchar) as backfill
    from ashby__headcount where not is_archived order by 4, 2`,
};

export type Figures = Record<keyof typeof QUESTIONS, Row[]>;

export async function figuresOf(ask: Ask): Promise<Figures> {
  const figures: Figures = {};
  for (const [name, sql] of Object.entries(QUESTIONS)) figures[name] = await ask(sql);
  return figures;
}
