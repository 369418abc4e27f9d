/** The marts' figures once more, computed from the simulator's own rows without SQL and without the connector. */

import { truthOf } from '../support/truth.ts';
import type { Simulator } from '../simulator/simulator.ts';

type Row = Record<string, any>; // rows as the simulator writes them; each is looked at field by field
export type Figures = Record<string, unknown>;

const DAY_S = 86_400;
const seconds = (at: unknown): number | undefined =>
  typeof at === 'string' ? Math.floor(Date.parse(at) / 1000) : undefined;
/** Between whole seconds, as the models count. */
const days = (from: unknown, until: unknown): number | null => {
  const [a, b] = [seconds(from), seconds(until)];
  return a === undefined || b === undefined ? null : (b - a) / DAY_S;
};
const at = (value: unknown): string | null => (typeof value === 'string' ? new Date(value).toISOString() : null);
const middle = (numbers: readonly number[], share: number): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return low + (high - low) * (place - Math.floor(place));
};
const groupBy = <V>(rows: Iterable<V>, key: (row: V) => string): Map<string, V[]> => {
  const groups = new Map<string, V[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
};

/** Figures by mart, then by the mart's key. */
export function twinOf(sim: Simulator): Record<string, Map<string, Figures>> {
  const all = (stream: string): Row[] => [...truthOf(sim, stream)] as Row[];
  const stages = new Map(all('interview_stages').map((row) => [row['id'], row]));
  const groups = new Map(all('interview_stage_groups').map((row) => [row['id'], row]));
  const jobs = new Map(all('jobs').map((row) => [row['id'], row]));
  const applications = all('applications');
  const livingIds = new Set(applications.map(({ id }) => id));
  const byApplication = groupBy(
    all('application_history').filter((row) => livingIds.has(row['applicationId'])),
    (row) => String(row['applicationId']),
  );
  const offers = all('offers');
  const links = groupBy(all('source_tracking_links'), (row) => String(row['sourceId']));
  const groupOf = (stage: Row | undefined): string =>
    groups.get(stage?.['interviewStageGroupId'])?.['title'] ?? stage?.['title'];

  const history = new Map<string, Figures>();
  const told = new Map<string, Figures & { meant: Row[] }>();
  for (const application of applications) {
    const id = String(application['id']);
    const stays = [...(byApplication.get(id) ?? [])].sort((a, b) => a['stageNumber'] - b['stageNumber']);
    const meant: Row[] = [];
    let reopenedAt: string | undefined;
    let switched = false;
    for (const [n, stay] of stays.entries()) {
      const stage = stages.get(stay['stageId']);
      const before = n > 0 ? stages.get(stays[n - 1]?.['stageId']) : undefined;
      const lasted = days(stay['enteredStageAt'], stay['leftStageAt']);
      const slip = n < stays.length - 1 && lasted !== null && Math.round(lasted * DAY_S) < 60;
      const switches = before !== undefined && before['interviewPlanId'] !== stage?.['interviewPlanId'];
      const reopens = before?.['type'] === 'Archived' && stage?.['type'] !== 'Archived';
      if (!slip) {
        meant.push({ ...stay, type: stage?.['type'], group: groupOf(stage) });
        if (reopens) reopenedAt = stay['enteredStageAt'];
        switched ||= switches;
      }
      history.set(String(stay['id']), {
        application_id: id,
        stage_group: groupOf(stage),
        valid_from: at(stay['enteredStageAt']),
        valid_until: at(stay['leftStageAt']),
        days_in_stage: lasted,
        is_accidental: slip,
        is_plan_switch: switches,
        is_reopening: reopens,
      });
    }
    const first = (type: string): string | undefined => meant.find((stay) => stay['type'] === type)?.['enteredStageAt'];
    const last = stays.at(-1);
    const hiredAt = stages.get(last?.['stageId'])?.['type'] === 'Hired' ? last?.['enteredStageAt'] : undefined;
    const since = reopenedAt ?? application['createdAt'];
    const job = jobs.get(application['job'].id);
    told.set(id, {
      meant,
      status: application['status'],
      created_at: at(application['createdAt']),
      hired_at: at(hiredAt),
      archived_at: at(application['archivedAt']),
      interviewing_since: at(first('Active')),
      offer_stage_at: at(first('Offer')),
      was_reopened: reopenedAt !== undefined,
      switched_plan: switched,
      days_in_process: days(since, hiredAt ?? application['archivedAt']),
      considered_since: at(since),
      considered_until: at(hiredAt ?? application['archivedAt']),
      job_id: application['job'].id,
      department_id: job?.['departmentId'] ?? null,
      source_id: application['source']?.id ?? null,
      tracking_links_of_source: links.get(application['source']?.id)?.length ?? 0,
      candidate_id: application['candidate'].id,
      offers: offers.filter((offer) => offer['applicationId'] === id).length,
    });
  }

  const order = ['Lead', 'PreInterviewScreen', 'Active', 'Offer', 'Hired'];
  const rank = (stay: Row): number => {
    const stage = stages.get(stay['stageId']);
    return (
      order.indexOf(stay['type']) * 100 +
      (groups.get(stage?.['interviewStageGroupId'])?.['order'] ?? stage?.['orderInInterviewPlan'])
    );
  };
  const funnel = new Map<string, Figures>();
  for (const application of told.values()) {
    if (!['Hired', 'Archived'].includes(String(application['status']))) continue;
    const stays = application.meant.filter((stay) => stay['type'] !== 'Archived');
    const furthest = Math.max(...stays.map(rank));
    const week = new Date(String(application['considered_until']));
    week.setUTCDate(week.getUTCDate() - ((week.getUTCDay() + 6) % 7));
    for (const [group, [stay]] of groupBy(stays, (each) => String(each['group']))) {
      const key = [
        week.toISOString().slice(0, 10),
        application['job_id'],
        String(application['source_id']),
        group,
      ].join('|');
      const figures = funnel.get(key) ?? { entered: 0, passed: 0 };
      funnel.set(key, {
        entered: Number(figures['entered']) + 1,
        passed: Number(figures['passed']) + Number(rank(stay as Row) < furthest),
      });
    }
  }

  const spans = [...told.values()].flatMap((a) => [
    ...(a['status'] === 'Hired' && a['hired_at'] !== null
      ? [{ measure: 'time to hire', from: a['considered_since'], until: a['hired_at'], department: a['department_id'] }]
      : []),
    ...(a['offer_stage_at'] === null
      ? []
      : [
          {
            measure: 'time to offer',
            from: a['created_at'],
            until: a['offer_stage_at'],
            department: a['department_id'],
          },
        ]),
  ]);
  const openings = all('openings');
  for (const opening of openings) {
    if (opening['openingState'] !== 'Filled' || days(opening['openedAt'], opening['closedAt']) === null) continue;
    const department = jobs.get(opening['latestVersion'].jobIds[0])?.['departmentId'] ?? null;
    spans.push({ measure: 'time to fill', from: opening['openedAt'], until: opening['closedAt'], department });
  }
  const timeTo = new Map(
    [
      ...groupBy(spans, ({ measure, until, department }) => [measure, String(until).slice(0, 7), department].join('|')),
    ].map(([key, some]) => {
      const lengths = some.map(({ from, until }) => days(from, until) ?? NaN);
      const figures = { completed: some.length, median_days: middle(lengths, 0.5), p90_days: middle(lengths, 0.9) };
      return [key, figures] as const;
    }),
  );

  const bySource = groupBy(told.values(), (application) => String(application['source_id']));
  const sourceIds = new Set([...all('sources').map(({ id }) => String(id)), ...bySource.keys()]);
  const sources = new Map(
    [...sourceIds].map((id) => {
      const some = bySource.get(id) ?? [];
      const codes = (links.get(id) ?? []).map((link) => String(link['code'])).sort();
      const figures = {
        tracking_links: codes.length,
        tracking_link_codes: codes,
        applications: some.length,
        interviewed: some.filter((each) => each['interviewing_since'] !== null).length,
        offers: some.filter((each) => each['offer_stage_at'] !== null).length,
        hires: some.filter((each) => each['status'] === 'Hired').length,
      };
      return [id, figures] as const;
    }),
  );

  const details = new Map(all('offer_details').map((row) => [row['id'], row]));
  const offerFigures = new Map(
    offers.map((offer) => {
      const versions = details.get(offer['id'])?.['versions'] as Row[];
      const begin = versions.map((version) => String(version['createdAt'])).sort()[0];
      const figures = {
        acceptance_status: offer['acceptanceStatus'],
        versions: versions.length,
        days_to_decide: days(begin, offer['decidedAt']),
        job_id: told.get(String(offer['applicationId']))?.['job_id'] ?? null,
      };
      return [String(offer['id']), figures] as const;
    }),
  );

  const schedules = new Map(all('interview_schedules').map((row) => [row['id'], row]));
  const feedback = groupBy(
    all('application_feedback'),
    (row) => `${row['interviewEventId']}|${row['submittedByUser'].id}`,
  );
  const interviews = new Map<string, Figures>();
  for (const event of all('interview_events')) {
    const application = schedules.get(event['interviewScheduleId'])?.['applicationId'];
    if (!livingIds.has(application)) continue;
    for (const user of event['interviewers'] as Row[]) {
      const key = `${event['id']}|${user['id']}`;
      const written = (feedback.get(key) ?? [])
        .flatMap((row) => (row['submittedAt'] ? [String(row['submittedAt'])] : []))
        .sort()[0];
      const late = days(event['endTime'], written);
      interviews.set(key, {
        application_id: application,
        training_role: user['trainingRole'] ?? null,
        scorecard_at: at(written),
        is_scorecard_late: late !== null && late > 1,
      });
    }
  }

  const headcount = new Map(
    openings.map((opening) => {
      const version = opening['latestVersion'] as Row;
      const due = version['targetHireDate'] as string | undefined;
      const filled = opening['openingState'] === 'Filled';
      const figures = {
        state: opening['openingState'],
        is_backfill: version['isBackfill'],
        days_open: days(opening['openedAt'], opening['closedAt']),
        filled_on_time: filled && due ? String(opening['closedAt']).slice(0, 10) <= due : null,
        job_id: version['jobIds'][0],
      };
      return [String(opening['id']), figures] as const;
    }),
  );

  const desks = new Map<string, Figures>();
  for (const application of applications) {
    const seats = new Set((application['hiringTeam'] as Row[]).map(({ userId, role }) => `${userId}|${role}`));
    for (const seat of seats) {
      const figures = desks.get(seat) ?? { applications: 0, open_applications: 0, hires: 0 };
      desks.set(seat, {
        applications: Number(figures['applications']) + 1,
        open_applications:
          Number(figures['open_applications']) + Number(['Active', 'Lead'].includes(application['status'])),
        hires: Number(figures['hires']) + Number(application['status'] === 'Hired'),
      });
    }
  }

  const plain = new Map([...told].map(([id, { meant: _meant, ...figures }]) => [id, figures]));
  return {
    ashby__stage_history: history,
    ashby__applications: plain,
    ashby__funnel: funnel,
    ashby__time_to: timeTo,
    ashby__sources: sources,
    ashby__offers: offerFigures,
    ashby__interviews: interviews,
    ashby__headcount: headcount,
    ashby__recruiter_workload: desks,
  };
}

/** How each mart's key is made of its columns. */
export const KEYS: Record<string, readonly string[]> = {
  ashby__stage_history: ['history_id'],
  ashby__applications: ['application_id'],
  ashby__funnel: ['week', 'job_id', 'source_id', 'stage_group'],
  ashby__time_to: ['measure', 'month', 'department_id'],
  ashby__sources: ['source_id'],
  ashby__offers: ['offer_id'],
  ashby__interviews: ['event_id', 'user_id'],
  ashby__headcount: ['opening_id'],
  ashby__recruiter_workload: ['user_id', 'team_role'],
};
