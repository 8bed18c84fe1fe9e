import { element, escape } from '../markup.ts';

/** A table of figures: what is compared stands in columns, so that it fits a phone. */
export interface Table<Subject> {
  readonly caption: string;
  /** Each group of columns has a name above them. */
  readonly groups: readonly { readonly name: string; readonly columns: readonly Column<Subject>[] }[];
  readonly rows: readonly Row<Subject>[];
}

interface Column<Subject> {
  readonly name: string;
  readonly subject: Subject;
}

export interface Row<Subject> {
  readonly name: string;
  cell(subject: Subject): string;
  /** Whether this is what the verdict is about and is not as it should be. */
  isBad?(subject: Subject): boolean;
}

/** Writes a table. A group without columns is left out. */
export function table<Subject>({ caption, groups, rows }: Table<Subject>): string {
  const shown = groups.filter(({ columns }) => columns.length > 0);
  const columns = shown.flatMap((group) => group.columns);
  const groupNames = shown.map(({ name, columns: { length } }) =>
    element('th', { scope: 'colgroup', colspan: length }, escape(name)),
  );
  const names = columns.map(({ name }) => element('th', { scope: 'col' }, escape(name)));
  const corner = element('td', {}, '');
  const head = element('thead', {}, element('tr', {}, corner, ...groupNames), element('tr', {}, corner, ...names));
  const body = element('tbody', {}, ...rows.map((row) => line(row, columns)));
  const whole = element('table', {}, element('caption', {}, escape(caption)), head, body);
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, whole);
}

function line<Subject>({ name, cell, isBad }: Row<Subject>, columns: readonly Column<Subject>[]): string {
  const cells = columns.map(({ subject }) =>
    element('td', isBad?.(subject) === true ? { class: 'bad' } : {}, escape(cell(subject))),
  );
  return element('tr', {}, element('th', { scope: 'row' }, escape(name)), ...cells);
}
