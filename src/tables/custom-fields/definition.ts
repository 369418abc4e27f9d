import type { Fields } from '../../ashby/rows/rows.ts';

/** A custom field as an account defines it, the part that columns are made of. */
export interface CustomField {
  id: string;
  title: string;
  /** What it is set on, such as `Candidate`. */
  objectType: string;
  /** Kind of value, such as `Currency`; Ashby adds new ones. */
  fieldType: string;
  isArchived: boolean;
  /** Whether a date field holds a day without a time. */
  isDateOnly: boolean;
}

/** A row of `customField.list`, whose id was checked. What Ashby leaves out is taken for empty or false. */
export function customFieldOf(row: Fields): CustomField {
  return {
    id: text(row['id']),
    title: text(row['title']),
    objectType: text(row['objectType']),
    fieldType: text(row['fieldType']),
    isArchived: row['isArchived'] === true,
    isDateOnly: row['isDateOnlyField'] === true,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
