import type { Package } from './packages.ts';

/** Ask for no more than their text beside a copy. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Public Domain',
  'Python-2.0',
  'Unlicense',
]);

/** Ask for their own source (MPL) or their author's name (CC-BY, of data) when they are passed on. Tools are not. */
const toolsOnly = new Set(['CC-BY-4.0', 'MPL-2.0']);

/** A sentence for each package under a licence that nobody has agreed to yet. */
export function licenceProblems(packages: readonly Package[]): string[] {
  return packages
    .filter(({ licence, ships }) => !isAllowed(licence, ships))
    .map(({ name, version, licence, ships }) => {
      const where = ships ? 'ships in the image' : 'is a tool';
      return `${name} ${version} ${where} and its licence is ${licence}. Use another, or allow it in pipeline/licences/allowed.ts.`;
    });
}

/** Reads `A OR B` and `A AND B`, with or without brackets around them; packages use nothing deeper. */
function isAllowed(expression: string, ships: boolean): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  const one = (licence: string) => permissive.has(licence) || (!ships && toolsOnly.has(licence));
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((part) => one(part)));
}
