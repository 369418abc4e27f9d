/** Pieces that many rows embed: users, files, custom field values, forms, sources, stages, locations. */

import { END_MS, iso, day, memo, roll, type World } from '../world.ts';
import {
  CITIES,
  DEPARTMENTS,
  FIRST_NAMES,
  LAST_NAMES,
  SOURCES,
  SOURCE_KINDS,
  SOURCE_TYPES,
  STAGES,
  awkward,
  word,
} from '../words.ts';
import type { Row } from '../types.ts';

/** Kinds of custom field; each type of object has one field of each kind, and at last a date with a time. */
const FIELD_TYPES = [
  'String',
  'Boolean',
  'Date',
  'MultiValueSelect',
  'Number',
  'Currency',
  'NumberRange',
  'CompensationRange',
  'ValueSelect',
  'LongText',
  'Url',
  'Email',
  'UUID',
  'Date',
] as const;
export const OBJECT_TYPES = [
  'Application',
  'Candidate',
  'Job',
  'Offer',
  'Opening',
  'Talent_Project',
  'Employee',
] as const;
export type ObjectType = (typeof OBJECT_TYPES)[number];
/** The definition of the n-th kind for that type of object. */
export function fieldOf(object: ObjectType, n: number): number {
  return OBJECT_TYPES.indexOf(object) + OBJECT_TYPES.length * (n % FIELD_TYPES.length);
}

const kindOf = (definition: number): number => Math.floor(definition / OBJECT_TYPES.length) % FIELD_TYPES.length;

export function fieldType(definition: number): (typeof FIELD_TYPES)[number] {
  return FIELD_TYPES[kindOf(definition)] as (typeof FIELD_TYPES)[number];
}

/** Of the two kinds of dates the first is a day. */
export function isDateOnly(definition: number): boolean {
  return kindOf(definition) < FIELD_TYPES.length - 1;
}

const ROLES = ['Organization Admin', 'Elevated Access', 'Limited Access', 'External Recruiter'];
const INTERVALS = ['1 YEAR', '1 MONTH', '1 HOUR'];

/** Everything the row builders share for one world. */
export type Parts = ReturnType<typeof makeParts>;

export function makeParts(world: World) {
  const field = (definition: number, random: number): Row => {
    const row: Row = { id: world.id('customField', definition) };
    if (random % 3 !== 0) row['isPrivate'] = random % 5 === 0;
    row['title'] = fieldTitle(definition);
    const amount = 40_000 + (random % 900) * 100;
    switch (fieldType(definition)) {
      case 'String':
        row['value'] = awkward(random) ?? `Note ${random % 1000}`;
        break;
      case 'Url':
        row['value'] = `https://example.com/${random % 1000}`;
        break;
      case 'Email':
        row['value'] = `somebody${random % 1000}@example.com`;
        break;
      case 'UUID':
        row['value'] = world.id('user', random % 1000);
        break;
      case 'Boolean':
        row['value'] = random % 2 === 0;
        break;
      case 'Date':
        row['value'] = dateValue(definition, random);
        break;
      case 'MultiValueSelect':
        row['value'] = ['option-a', `option-${random % 4}`];
        row['valueLabel'] = ['Option A', `Option ${random % 4}`];
        break;
      case 'Number':
        row['value'] = random % 2 ? random % 100 : (random % 10_000) / 100;
        break;
      case 'Currency':
        row['value'] = { value: amount, currencyCode: random % 2 ? 'EUR' : 'USD' };
        break;
      case 'NumberRange':
        row['value'] = { type: 'number-range', minValue: random % 10, maxValue: 10 + (random % 10) };
        break;
      case 'CompensationRange':
        row['value'] = {
          type: 'compensation-range',
          minValue: amount,
          maxValue: amount + 20_000,
          currencyCode: 'EUR',
          interval: word(INTERVALS, random),
        };
        break;
      case 'ValueSelect':
        row['value'] = `option-${random % 4}`;
        row['valueLabel'] = `Option ${random % 4}`;
        break;
      default:
        row['value'] = `Longer text.\nSecond line ${random % 100}.`;
    }
    if (random % 7 === 1) row['referenceIdentifier'] = random % 2 ? `ref_${definition}` : null;
    return row;
  };

  /** A day; some of them as the point in time at which it begins. Or, for the other kind of date, a point in time. */
  const dateValue = (definition: number, random: number): string => {
    const ms = world.laterMs(world.createdMs('customField', definition), random, 900);
    if (!isDateOnly(definition)) return iso(ms);
    return random % 3 ? day(ms) : `${day(ms)}T00:00:00.000Z`;
  };

  /** Up to four values of one object type; some rows have none. */
  const fields = (object: ObjectType, random: number): Row[] => {
    const count = random % 5;
    return Array.from({ length: count }, (_, k) => field(fieldOf(object, (random >>> 3) + k), roll(random, k)));
  };
  const POOL = 512;
  const pool = memo(POOL * OBJECT_TYPES.length, (n) =>
    fields(OBJECT_TYPES[Math.floor(n / POOL)] as ObjectType, roll(0x51ed, n)),
  );
  const poolJson = memo(POOL * OBJECT_TYPES.length, (n) => JSON.stringify(pool(n)));
  const place = (object: ObjectType, random: number): number => OBJECT_TYPES.indexOf(object) * POOL + (random % POOL);
  /** Values of fields of that type of object, from a pool. */
  const fieldPool = (object: ObjectType, random: number): Row[] => pool(place(object, random));
  const fieldPoolJson = (object: ObjectType, random: number): string => poolJson(place(object, random));

  const userName = (u: number): { firstName: string; lastName: string; email: string } => {
    const b = world.base('user', u);
    const firstName = word(FIRST_NAMES, roll(b, 1));
    const lastName = word(LAST_NAMES, roll(b, 2));
    return { firstName, lastName, email: `user${u}@example.com` };
  };
  const user = memo(5000, (u): Row => {
    const b = world.base('user', u);
    const row: Row = {
      id: world.id('user', u),
      ...userName(u),
      globalRole: word(ROLES, roll(b, 3)),
      isEnabled: u % 6 !== 5,
      updatedAt: iso(world.updatedMs('user', u, 0)),
    };
    if (u % 9 === 8) row['email'] = null;
    if (u > 0 && u % 4 !== 3) row['managerId'] = world.id('user', Math.floor(u / 4));
    if (u % 2 === 0) row['customFields'] = fieldPool('Employee', roll(b, 4));
    return row;
  });
  const userJson = memo(5000, (u) => JSON.stringify(user(u)));
  const person = (u: number): Row => ({ id: world.id('user', u), ...userName(u) });
  const hiringTeam = (random: number): Row[] =>
    Array.from({ length: 1 + (random % 3) }, (_, k) => {
      const u = world.pick('user', roll(random, k));
      return { ...userName(u), role: k === 0 ? 'Hiring Manager' : 'Recruiter', userId: world.id('user', u) };
    });

  const file = (kind: number, owner: number, k: number): Row => {
    const id = world.id('file', (kind * 0x10000000 + owner * 4 + k) >>> 0);
    return { id, name: `document-${owner}-${k}.pdf`, handle: `made-up-handle-${id}` };
  };

  const sourceType = (s: number): Row => {
    const title = SOURCE_KINDS[s] ?? word(SOURCE_TYPES, s);
    return { id: world.id('sourceType', SOURCE_TYPES.indexOf(title)), title, isArchived: false };
  };
  const sourceTitle = (s: number): string => SOURCES[s] ?? `Source ${s + 1}`;
  const source = memo(2000, (s): Row => {
    const row: Row = { id: world.id('source', s), title: sourceTitle(s), isArchived: s % 7 === 6 };
    if (s % 5 !== 4 || SOURCE_KINDS[s]) row['sourceType'] = sourceType(s);
    return row;
  });
  const sourceJson = memo(2000, (s) => JSON.stringify(source(s)));
  /** Source that a tracking link sets: the first six belong to links alone. */
  const linkSource = (link: number): number => link % Math.min(8, world.size('source'));
  /** User whom a tracking link credits, or -1. The link's row does not show it. */
  const linkCredit = (link: number): number => (link % 3 === 2 ? -1 : world.pick('user', roll(0xc4ed17, link)));

  const STAGE_COUNT = STAGES.length;
  const stageIndex = (plan: number, k: number): number => plan * STAGE_COUNT + k;
  const stage = memo(2000, (index): Row => {
    const k = index % STAGE_COUNT;
    const plan = Math.floor(index / STAGE_COUNT);
    const [title, type] = STAGES[k] as (typeof STAGES)[number];
    return {
      id: world.id('interviewStage', index),
      title,
      type,
      orderInInterviewPlan: k,
      ...(k < world.size('interviewStageGroup') && k !== 3
        ? { interviewStageGroupId: world.id('interviewStageGroup', k) }
        : {}),
      interviewPlanId: world.id('interviewPlan', plan),
    };
  });
  const stageJson = memo(2000, (index) => JSON.stringify(stage(index)));

  /** A form; the fields' ids differ with `n`. Answers live under `path`. */
  const form = memo(200, (n): Row => ({
    sections: [
      {
        title: n % 3 === 1 ? null : `Section ${n}`,
        ...(n % 2 ? { descriptionHtml: '<p>Please answer.</p>', descriptionPlain: 'Please answer.' } : {}),
        fields: [formField(n, 0, 'String', 'Summary'), formField(n, 1, 'ValueSelect', 'Recommendation')],
      },
      {
        fields: [
          formField(n, 2, 'Score', 'Overall score'),
          formField(n, 3, 'MultiValueSelect', 'Strengths'),
          formField(n, 4, 'RichText', 'Notes'),
          formField(n, 5, 'Date', 'Available from'),
          formField(n, 6, 'Number', 'Years of experience'),
          formField(n, 7, 'Boolean', 'Would work with again'),
        ],
      },
    ],
  }));
  const formField = (n: number, k: number, type: string, title: string): Row => ({
    isRequired: k === 1,
    ...(k === 0 ? { descriptionHtml: '<p>In your words.</p>', descriptionPlain: 'In your words.' } : {}),
    field: {
      id: world.id('field', n * 8 + k),
      type,
      path: `field_${n}_${k}`,
      humanReadablePath: `form.${title}`,
      title,
      isNullable: k !== 1,
      ...(type === 'ValueSelect' || type === 'MultiValueSelect'
        ? {
            selectableValues: [
              { label: 'Strong yes', value: '4' },
              { label: 'No', value: '1' },
            ],
          }
        : {}),
    },
  });
  const answers = (n: number, random: number): Row => ({
    [`field_${n}_0`]: awkward(random) ?? `Answer ${random % 1000}`,
    [`field_${n}_1`]: random % 2 ? '4' : '1',
    ...(random % 3 ? { [`field_${n}_2`]: random % 5 ? { score: 1 + (random % 4) } : `${1 + (random % 4)}` } : {}),
    ...(random % 4 ? { [`field_${n}_3`]: [['4'], ['4', '1'], [], ['1', 'retired']][random % 4] } : {}),
    ...(random % 5
      ? { [`field_${n}_4`]: random % 5 === 1 ? null : { type: 'PlainText', value: 'Asked good questions.' } }
      : {}),
    ...(random % 6 ? { [`field_${n}_5`]: day(END_MS - (random % 900) * 86_400_000) } : {}),
    ...(random % 7 ? { [`field_${n}_6`]: (random % 80) / 4 } : {}),
    ...(random % 8 ? { [`field_${n}_7`]: random % 8 > 4 } : {}),
    // A question that the form has lost since.
    ...(random % 9 === 4 ? { former_question: 'Yes' } : {}),
  });

  const isRegion = (l: number): boolean => l < 3;
  const address = (l: number): Row => {
    const [city, region, country] = word(CITIES, l);
    return {
      postalAddress: {
        addressCountry: country,
        addressRegion: region,
        addressLocality: city,
        ...(l % 2 ? { postalCode: `0${1000 + l}`, streetAddress: `${l} Example Street` } : {}),
      },
    };
  };
  const locationName = (l: number): string =>
    isRegion(l)
      ? (['Europe', 'Americas', 'Rest of World'][l] as string)
      : `${word(CITIES, l)[0]} ${Math.floor(l / CITIES.length) + 1}`;
  const location = memo(2000, (l): Row => {
    const row: Row = { id: world.id('location', l), name: locationName(l), isArchived: l % 6 === 5 };
    if (l % 3 !== 0) row['externalName'] = l % 3 === 1 ? null : `${locationName(l)} office`;
    row['type'] = isRegion(l) ? 'LocationHierarchy' : 'Location';
    if (isRegion(l)) return row;
    row['address'] = address(l);
    row['isRemote'] = l % 4 === 3;
    row['workplaceType'] = word(['OnSite', 'Hybrid', 'Remote'], l);
    row['parentLocationId'] = world.id('location', l % 3);
    if (l % 2) row['extraData'] = { costCentre: `CC-${100 + l}` };
    return row;
  });
  const departmentName = (d: number): string =>
    DEPARTMENTS[d] ? DEPARTMENTS[d] : `Team ${d - DEPARTMENTS.length + 1}`;

  return {
    field,
    fields,
    fieldPool,
    fieldPoolJson,
    user,
    userJson,
    userName,
    person,
    hiringTeam,
    file,
    source,
    sourceJson,
    sourceTitle,
    linkSource,
    linkCredit,
    STAGE_COUNT,
    stageIndex,
    stage,
    stageJson,
    form,
    answers,
    location,
    locationName,
    isRegion,
    address,
    departmentName,
    day,
  };
}

export function fieldTitle(definition: number): string {
  return `Custom ${fieldType(definition)} ${definition}`;
}
