import { readFile } from 'node:fs/promises';
import type { Ended } from '../ended.ts';
import { licenceProblems } from '../licences/allowed.ts';
import { packagesOf } from '../licences/packages.ts';
import { licenceReport } from '../licences/report.ts';
import { readArguments } from './arguments.ts';

/** `licences`: every licence of the lockfile, and a no for one that nobody has agreed to. */
export async function licencesCommand(args: readonly string[]): Promise<Ended> {
  readArguments(args, {});
  const packages = packagesOf(JSON.parse(await readFile('package-lock.json', 'utf8')));
  return { stdout: licenceReport(packages), problems: licenceProblems(packages) };
}
