import { asItCame, at, cell, elementsOf, entriesOf, type Columns, type Part } from './part.ts';
import { labelsOf, typeOfValue, valueColumns } from './typed-value.ts';

/*
 * The shapes that elements of rows come in, beside plain objects. Each makes rows, as columns, of one element; undefined
 * where the element is damaged.
 */

export type Shape = 'picked' | 'answers' | 'customValues';

export const shapes: Readonly<Record<Shape, (element: Part) => readonly Columns[] | undefined>> = {
  picked: () => [[]],
  customValues: (element) => [customValue(element)],
  answers,
};

/** Columns that a shape adds to those that the table picks; the rest are those of a value. */
export const SHAPE_COLUMNS: Readonly<Record<Shape, readonly string[]>> = {
  picked: [],
  customValues: ['fieldId', 'title', 'isPrivate', 'type'],
  answers: ['section', 'sectionNumber', 'fieldId', 'path', 'title', 'type'],
};

/** One row a custom field that has a value, or had one. */
function customValue(field: Part): Columns {
  const value = at(field, 'value');
  const label = at(field, 'valueLabel');
  const hasLabel = label !== undefined && label.value !== null;
  const isChoice = hasLabel || Array.isArray(value?.value);
  return [
    ['fieldId', asItCame(at(field, 'id'))],
    ['title', asItCame(at(field, 'title'))],
    ['isPrivate', asItCame(at(field, 'isPrivate'))],
    ['type', cell(typeOfValue(value?.value, hasLabel))],
    ...valueColumns(value, {
      type: undefined,
      labels: isChoice ? labelsOf(hasLabel ? label : value, () => undefined) : undefined,
    }),
  ];
}

interface Question {
  section: string | null;
  sectionNumber: number;
  field: Part;
}

/** One row an answer of a filled-in form; answers to questions that the form no longer shows included. */
function answers(form: Part): readonly Columns[] | undefined {
  const submitted = at(form, 'submittedValues');
  if (submitted === undefined || submitted.value === null) return [];
  const given = entriesOf(submitted);
  const questions = questionsOf(form);
  if (!given || !questions) return undefined;
  return given.map(([path, value]) => answer(path, value, questions.get(path)));
}

function answer(path: string, value: Part, question: Question | undefined): Columns {
  const field = question?.field;
  const type = field && at(field, 'type')?.value;
  const choices = field ? choicesOf(field) : undefined;
  const labels = choices && labelsOf(value, (choice) => choices.get(choice));
  return [
    ['section', cell(question?.section ?? null)],
    ['sectionNumber', question ? { value: question.sectionNumber, json: String(question.sectionNumber) } : cell(null)],
    ['fieldId', asItCame(field && at(field, 'id'))],
    ['path', cell(path)],
    ['title', asItCame(field && at(field, 'title'))],
    ['type', asItCame(field && at(field, 'type'))],
    // What kind of question it was is known, or nothing is: then a text is a text.
    ...valueColumns(value, { type: typeof type === 'string' ? type : 'String', labels }),
  ];
}

/** Questions by the path that their answers are submitted under; undefined where the form is damaged. */
function questionsOf(form: Part): Map<string, Question> | undefined {
  const found = new Map<string, Question>();
  const sections = listAt(form, 'formDefinition.sections');
  if (!sections) return undefined;
  for (const [index, section] of sections.entries()) {
    const fields = listAt(section, 'fields');
    if (!fields) return undefined;
    const title = at(section, 'title')?.value;
    for (const entry of fields) {
      const field = at(entry, 'field');
      const path = field && at(field, 'path')?.value;
      if (!field || typeof path !== 'string' || found.has(path)) continue;
      found.set(path, { section: typeof title === 'string' ? title : null, sectionNumber: index + 1, field });
    }
  }
  return found;
}

/** Labels by what is stored for them, where the question offers choices. */
function choicesOf(field: Part): Map<string, string> | undefined {
  const choices = at(field, 'selectableValues');
  const elements = choices && elementsOf(choices);
  if (!elements) return undefined;
  return new Map(
    elements.flatMap((choice) => {
      const [value, label] = [at(choice, 'value')?.value, at(choice, 'label')?.value];
      return typeof value === 'string' && typeof label === 'string' ? [[value, label] as const] : [];
    }),
  );
}

/** The list there; empty where there is nothing; undefined where there is something else. */
function listAt(part: Part, path: string): Part[] | undefined {
  const found = at(part, path);
  return found === undefined || found.value === null ? [] : elementsOf(found);
}
