import { readFile } from 'node:fs/promises';
import { type Ended, readArguments } from './command.ts';

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
      return `${name} ${version} ${where} and its licence is ${licence}. Use another, or allow it in pipeline/licences.ts.`;
    });
}

/** Reads `A OR B` and `A AND B`, with or without brackets around them; packages use nothing deeper. */
function isAllowed(expression: string, ships: boolean): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  const one = (licence: string) => permissive.has(licence) || (!ships && toolsOnly.has(licence));
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((part) => one(part)));
}

/** A package of the lockfile. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, as the package itself says. */
  readonly licence: string;
  /** True for what the service is made of and ships in its image. */
  readonly ships: boolean;
}

/** What of npm's lockfile (version 3) matters here. */
interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly license?: string; readonly dev?: boolean; readonly link?: boolean }
    >
  >;
}

/** The packages of a lockfile, each version once, by name. */
export function packagesOf(lockfile: Lockfile): Package[] {
  const found = new Map<string, Package>();
  for (const [path, { version = '', license = 'none', dev = false, link = false }] of Object.entries(
    lockfile.packages,
  )) {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (name === '' || link) continue;
    const key = `${name}@${version}`;
    const ships = !dev || found.get(key)?.ships === true;
    found.set(key, { name, version, licence: license, ships });
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The licences in Markdown: how many packages are under each, and every package that ships. */
export function licenceReport(packages: readonly Package[]): string {
  const licences = [...new Set(packages.map(({ licence }) => licence))].toSorted();
  const rows = licences.map((licence) => {
    const under = packages.filter((found) => found.licence === licence);
    const ships = under.filter((found) => found.ships).length;
    return `| ${licence} | ${ships} | ${under.length - ships} |\n`;
  });
  const shipped = packages
    .filter(({ ships }) => ships)
    .map((found) => `| ${found.name} ${found.version} | ${found.licence} |\n`);
  return [
    '### Licences\n\n| licence | packages in the image | tools |\n| --- | --- | --- |\n',
    ...rows,
    '\n<details><summary>In the image</summary>\n\n| package | licence |\n| --- | --- |\n',
    ...shipped,
    '\n</details>\n',
  ].join('');
}

/** `licences`: every licence of the lockfile, and a no for one that nobody has agreed to. */
export async function licencesCommand(args: readonly string[]): Promise<Ended> {
  readArguments(args, {});
  const packages = packagesOf(JSON.parse(await readFile('package-lock.json', 'utf8')));
  return { stdout: licenceReport(packages), problems: licenceProblems(packages) };
}
