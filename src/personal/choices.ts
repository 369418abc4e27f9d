/** The groups of personal data, in the order of the form, each in words for a list. */
export const groupTitles = {
  contact: 'names of candidates and how to reach them',
  background: 'present position, employer and school',
  documents: 'names and handles of files',
  free_text: 'what people wrote: notes, answers in forms, feedback, messages',
  compensation: 'salaries and pay ranges',
  tracking: 'IP addresses, browsers, signs of fraud',
  custom_fields: 'values of custom fields',
  employees: 'names and e-mail addresses of your own people',
} as const;

export type Group = keyof typeof groupTitles;

export const groups = Object.keys(groupTitles) as readonly Group[]; // the keys of the object above

/** What is done with the fields of a group: passed on, replaced by a hash, left out. */
export const choices = ['keep', 'hash', 'drop'] as const;

export type Choice = (typeof choices)[number];

/** What was chosen, and the salt that hashes are made with; only where a group is not kept. */
export interface PersonalChoices {
  readonly of: Readonly<Record<Group, Choice>>;
  /** Undefined where nothing is hashed. */
  readonly salt: string | undefined;
}

/** What is wrong with the choices, in a sentence whose subject is the field. */
export interface Refusal {
  problem: string;
}

/**
 * Reads the choices as the form or an environment variable has them: undefined where everything is kept. What is not
 * understood is refused, never taken for `keep`: a slip must not let personal data through.
 */
export function readChoices(given: unknown, salt: string | undefined): PersonalChoices | Refusal | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given !== 'object' || Array.isArray(given)) {
    return { problem: `must be an object, such as {"contact": "hash"}; its fields are ${groups.join(', ')}.` };
  }
  const of = Object.fromEntries(groups.map((group) => [group, 'keep'])) as Record<Group, Choice>; // each group is there
  for (const [name, value] of Object.entries(given)) {
    const group = groups.find((one) => one === name);
    if (!group)
      return { problem: `has a field that is no group of personal data. Its fields are ${groups.join(', ')}.` };
    if (value === null || value === '') continue; // a field of a form that was left empty
    const choice = choices.find((one) => one === value);
    if (!choice) return { problem: `must say ${choices.join(', ')} for each group; "${group}" says something else.` };
    of[group] = choice;
  }
  if (groups.every((group) => of[group] === 'keep')) return undefined;
  const hashes = groups.some((group) => of[group] === 'hash');
  if (!hashes) return { of, salt: undefined };
  if (salt === undefined || salt.trim() === '') {
    return {
      problem:
        'hashes a group, and there is no salt to hash with. Set it to a long random text that you keep, such as the output of: openssl rand -hex 32',
    };
  }
  return { of, salt: salt.trim() };
}

/** The same of a text that holds the object as JSON, as an environment variable does. */
export function choicesFromText(
  text: string | undefined,
  salt: string | undefined,
): PersonalChoices | Refusal | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return readChoices('no JSON', salt); // the parser's own words quote the text
  }
  return readChoices(given, salt);
}
