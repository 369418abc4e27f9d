import type { AshbyClient } from '../../ashby/client.ts';
import { ReportTurns } from '../../sources/reports/turns.ts';
import type { SourceWorld } from '../../sources/ask.ts';
import { EVERYTHING, type CallsPlace, type Place } from '../../sources/place.ts';
import type { BoardsSource, CallsSource, Table, TableOf } from '../../tables/definition.ts';
import { requiredParent, rootOf } from '../../tables/lineage.ts';
import type { Events } from '../events/events.ts';
import { projectOf } from '../../tables/project.ts';
import { Interrupted } from '../../errors.ts';
import type { Protection } from '../../personal/protection.ts';
import { Boards, FanOut, type Member } from './fan-out.ts';
import { entry } from './entry.ts';
import { openerOf, type Root } from './open.ts';
import { Collector } from './parents.ts';
import { placeOf } from './parents-place.ts';
import { Slots } from '../../async/slots.ts';
import { runWalk } from './walk.ts';

/** So many lists are walked at a time; each holds a page that is written and one that waits. */
const MOST_LISTS = 12;

export interface GraphWorld {
  client: AshbyClient;
  /** The webhook inbox, where one is configured. */
  events?: Events | undefined;
  startDate: Date | undefined;
  /** What was chosen for personal data; undefined where everything is kept. */
  protection: Protection | undefined;
  /** Wall-clock milliseconds. */
  now(): number;
}

/** Where in the graph somebody wants to live. */
export interface Spot {
  table: Table;
  start: Place;
  surveyType: string | undefined;
}

interface ListWalk {
  table: Root;
  start: Place;
  surveyType: string | undefined;
  members: Member[];
}

/**
 * The walks of one run. Whoever wants the rows of a table from a place is put on the walk that brings them, and those
 * who want the same from the same place share it: a list, the calls for the rows of a table, the boards. Calls and
 * boards are themselves put on the walk of their parents, whatever kind of table those are.
 */
export class Graph {
  readonly #world: GraphWorld;
  readonly #lists = new Map<string, ListWalk>();
  readonly #fanOuts = new Map<string, FanOut>();
  readonly #boards = new Map<string, Boards>();
  readonly #collectors = new Map<string, Collector>();
  readonly #turns: ReportTurns;

  constructor(world: GraphWorld) {
    this.#world = world;
    this.#turns = new ReportTurns(world.client);
  }

  /** Puts somebody on the walk that brings what lies at the spot. */
  join(spot: Spot, member: Member): void {
    const { table, start } = spot;
    const { source } = table;
    switch (source.kind) {
      case 'inside':
        return this.join({ ...spot, table: requiredParent(table) }, member);
      case 'list':
      case 'journal':
      case 'report':
        return this.#joinList({ ...spot, table: { ...table, source } }, member);
      case 'boards':
        return this.#joinBoards({ ...spot, table: { ...table, source } }, member);
      case 'inbox':
        return this.#joinInbox(start, member);
      case 'calls':
        if (start.kind !== 'calls') throw new Error(`${table.name} starts at a place of another kind`);
        return this.#joinCalls({ ...spot, table: { ...table, source }, start }, member);
      case 'keys':
        throw new Error(`${table.name} is made of no walk of its own`);
    }
  }

  /** Walks everything. Never rejects: failures are told to those who live on the walks. */
  async run(): Promise<void> {
    const { client } = this.#world;
    const slots = new Slots(() => Math.min(client.width + 2, MOST_LISTS));
    // A journal's windows follow one another, however few rows they hold: where it begins late, everybody waits for it.
    const walks = [...this.#lists.values()];
    const isJournal = ({ table }: ListWalk): boolean => table.source.kind === 'journal';
    const longestFirst = [...walks.filter(isJournal), ...walks.filter((walk) => !isJournal(walk))];
    // A report makes Ashby work and nobody else wait: it takes no list's place.
    const begin = (walk: ListWalk, work: () => Promise<void>): Promise<void> =>
      walk.table.source.kind === 'report' ? this.#turns.run(work) : slots.run(work);
    const lists = longestFirst.map((walk) => begin(walk, () => this.#walk(walk)));
    await Promise.all([...lists, this.#world.events?.run()]);
  }

  /** Walks a list over everything, beside all other walks, for one taker alone. Never rejects. */
  async walkAgain({ table, surveyType }: Omit<Spot, 'start'>, member: Member): Promise<void> {
    const { source } = rootOf(table);
    await this.#walk({ table: { ...rootOf(table), source }, start: EVERYTHING, surveyType, members: [member] });
  }

  async #walk({ table, start, surveyType, members }: ListWalk): Promise<void> {
    const takers = members.map(({ taker }) => taker);
    if (this.#world.client.stopped) {
      for (const taker of takers) taker.fail(new Interrupted());
      return;
    }
    const [first] = members;
    if (!first) return;
    const world: SourceWorld = { ...this.#world, meter: first.meter, warn: (message) => first.warn(message) };
    const open = openerOf({ table, surveyType }, { ...world, turns: this.#turns });
    await runWalk({ open, start, takers, protect: this.#world.protection?.rowsOf(table) });
  }

  #joinList({ table, start, surveyType }: Spot & { table: ListWalk['table'] }, member: Member): void {
    const walk = entry(this.#lists, [table.name, surveyType, start], () => ({ table, start, surveyType, members: [] }));
    walk.members.push(member);
  }

  #joinInbox(start: Place, { taker, meter, warn }: Member): void {
    const { events } = this.#world;
    if (!events) throw new Error('a table of events without an inbox');
    const { number, missed } = events.from(start.kind === 'inbox' ? start : 'oldest');
    if (missed !== undefined) warn(`${missed}.`);
    events.join(number, taker, meter);
  }

  #joinBoards(spot: Spot & { table: TableOf<BoardsSource> }, member: Member): void {
    const { table } = spot;
    const boards = entry(this.#boards, [table.name], () => {
      const made = new Boards(table, this.#world);
      this.#collect({ ...spot, table: requiredParent(table) }, { member, starts: [EVERYTHING] }).add(made);
      return made;
    });
    boards.add(member);
  }

  #joinCalls(spot: Spot & { table: TableOf<CallsSource>; start: CallsPlace }, member: Member): void {
    const { table, start, surveyType } = spot;
    const fanOut = entry(this.#fanOuts, [table.name, surveyType, start], () => {
      const made = new FanOut(table, start, this.#world);
      const parent = requiredParent(table);
      const { revisit, follow, parentField } = table.source;
      const all = start.due === true || start.walk?.allAt !== undefined;
      const choice = { member, field: parentField, except: revisit?.except, versions: follow === 'moved' };
      const whole = placeOf(parent, { kind: 'calls', from: null });
      const own = placeOf(parent, start);
      // What a walk that is gone on with ends with is known already.
      const starts = !all ? [own] : start.walk || start.from === null ? [whole] : [whole, own];
      this.#collect({ table: parent, surveyType }, { ...choice, starts }).add(made);
      return made;
    });
    fanOut.add(member);
  }

  /** The one who gathers the ids of these parents, for all who want them. The end of the last walk is the one that counts. */
  #collect({ table, surveyType }: Omit<Spot, 'start'>, choice: Choice): Collector {
    const { member, starts, field = 'id', versions = false, except } = choice;
    return entry(this.#collectors, [table.name, surveyType, starts, field, versions, except], () => {
      const project = projectOf(table, { startDate: this.#world.startDate });
      const collector = new Collector({ project, field, versions, except });
      for (const [index, start] of starts.entries()) {
        const taker = collector.walk({ tells: index === starts.length - 1 });
        // What events name for the member is about its own calls, not about those for its parents.
        this.join({ table, surveyType, start }, { ...member, taker, named: undefined });
      }
      return collector;
    });
  }
}

interface Choice {
  /** Who pays for the walks over the parents, if nobody else is on them. */
  member: Member;
  /** Where these walks start. */
  starts: readonly Place[];
  field?: string | undefined;
  versions?: boolean;
  except?: { field: string; is: unknown } | undefined;
}
