import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from 'zerodrop/errors';
import { runProgram } from 'zerodrop/program';
import { readAddress } from '../../github/address.ts';
import { isExampleRepository } from '../../settings/cross-checks.ts';
import { type Finding, missing, ok, unknown } from './finding.ts';

/** Runs a program and returns what it printed; null where it is not there or fails. */
export type Tell = (program: string, ...args: readonly string[]) => Promise<string | null>;

/** The programs of this machine. Each gets 30 s and nothing to read. */
export function machineTell(directory: string, environment: NodeJS.ProcessEnv): Tell {
  return async (program, ...args) => {
    const call = { directory, environment, limitMs: 30_000, signal: new AbortController().signal };
    try {
      const { exitCode, stdout } = await runProgram(call, program, ...args);
      return exitCode === 0 ? stdout.trim() : null;
    } catch (error) {
      if (error instanceof OperationError) return null;
      throw error;
    }
  };
}

/** A program that bring-up uses, the oldest version that does, and how it tells its own. */
interface Tool {
  readonly programs: readonly string[];
  readonly least: string;
  readonly args: readonly string[];
  readonly why: string;
  readonly mend: string;
}

const tools: readonly Tool[] = [
  {
    programs: ['git'],
    least: '2.31',
    args: ['--version'],
    why: 'the release commands use it',
    mend: 'https://git-scm.com/downloads',
  },
  {
    programs: ['gh'],
    least: '2.30',
    args: ['--version'],
    why: "the App's key goes to GitHub through it",
    mend: 'https://cli.github.com',
  },
  {
    programs: ['gcloud'],
    least: '450',
    args: ['--version'],
    why: 'it holds the login at Google',
    mend: 'https://cloud.google.com/sdk/docs/install',
  },
  {
    programs: ['terraform', 'tofu'],
    least: '1.11',
    args: ['--version'],
    why: 'the providers and import blocks need it',
    mend: 'https://developer.hashicorp.com/terraform/install',
  },
  {
    programs: ['kubectl'],
    least: '1.31',
    args: ['version', '--client'],
    why: 'older versions forward ports over SPDY, which some proxies block',
    mend: 'gcloud components install kubectl',
  },
  {
    programs: ['gke-gcloud-auth-plugin'],
    least: '0',
    args: ['--version'],
    why: 'kubectl signs in with it',
    mend: 'gcloud components install gke-gcloud-auth-plugin',
  },
];

/** The first number with a dot in what a program says of itself; of one number where it has no dot. */
export function versionIn(text: string): readonly number[] | null {
  const found = /\bv?(\d+(?:\.\d+)+)/.exec(text) ?? /\b(\d+)\b/.exec(text);
  return found?.[1] === undefined ? null : found[1].split('.').map(Number);
}

/** Whether a version is as new as another, part by part. */
export function isAtLeast(version: readonly number[], least: readonly number[]): boolean {
  const at = least.findIndex((part, index) => (version[index] ?? 0) !== part);
  return at === -1 || (version[at] ?? 0) > (least[at] ?? 0);
}

/**
 * What is missing on this machine.
 *
 * @param nodeVersion such as 24.1.0
 * @param repository of settings.ts
 */
export async function machineFindings(
  tell: Tell,
  directory: string,
  nodeVersion: string,
  repository: string,
): Promise<readonly Finding[]> {
  const found: Finding[] = [await nodeFinding(directory, nodeVersion)];
  for (const { programs, least, args, why, mend } of tools) {
    const told = await Promise.all(programs.map((program) => tell(program, ...args)));
    const index = told.findIndex((text) => text !== null);
    const about = `machine: ${programs.join(' or ')}`;
    const text = told[index] ?? null;
    if (text === null) {
      found.push(missing(about, `not installed, or not on PATH: ${why}.`, mend));
      continue;
    }
    const version = versionIn(text);
    const words = version?.join('.') ?? 'a version that it does not tell';
    if (version === null) found.push(unknown(about, `it is ${words}, and ${least} is needed.`, mend));
    else if (isAtLeast(version, least.split('.').map(Number))) found.push(ok(about, `${programs[index]} ${words}.`));
    else found.push(missing(about, `${programs[index]} is ${words}, and ${least} or newer is needed: ${why}.`, mend));
  }
  found.push(await originFinding(tell, repository));
  const login = await tell('gcloud', 'auth', 'application-default', 'print-access-token');
  if (login === null)
    found.push(
      missing(
        'machine: application default login',
        'Terraform and kubectl have no login at Google.',
        'gcloud auth login --update-adc',
      ),
    );
  else found.push(ok('machine: application default login', 'Terraform and kubectl have one.'));
  return found;
}

async function nodeFinding(directory: string, nodeVersion: string): Promise<Finding> {
  const about = 'machine: Node.js';
  const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  const least = /"node":">=([\d.]+)"/.exec(JSON.stringify(manifest))?.[1] ?? '20.19';
  const version = versionIn(nodeVersion) ?? [0];
  if (isAtLeast(version, least.split('.').map(Number))) return ok(about, `${nodeVersion}.`);
  return missing(about, `it is ${nodeVersion}, and ${least} or newer is needed.`, 'https://nodejs.org/en/download');
}

/** The clone has to push where Argo CD reads. */
async function originFinding(tell: Tell, repository: string): Promise<Finding> {
  const about = 'machine: origin';
  if (isExampleRepository(repository))
    return unknown(
      about,
      "settings.ts names the example's, so there is none to compare.",
      'Correct repository in settings.ts.',
    );
  const origin = await tell('git', 'remote', 'get-url', 'origin');
  const [own, wanted] = [readAddress(origin ?? ''), readAddress(repository)];
  if (wanted === null)
    return unknown(
      about,
      `settings.ts names ${repository}, which is no address of a git host.`,
      'Correct repository in settings.ts.',
    );
  const place = `${wanted.host}/${wanted.owner}/${wanted.name}`;
  if (own === null)
    return missing(
      about,
      `this clone has no remote origin, and settings.ts names ${place}.`,
      `git remote add origin ${repository}`,
    );
  if (`${own.host}/${own.owner}/${own.name}`.toLowerCase() === place.toLowerCase())
    return ok(about, `${place}, as in settings.ts.`);
  return missing(
    about,
    `origin is ${own.host}/${own.owner}/${own.name}, and settings.ts names ${place}.`,
    `git remote set-url origin ${repository}\nOr correct repository in settings.ts.`,
  );
}

/** Whether Argo CD follows the repository, as its root application says. */
export async function argoFinding(tell: Tell, context: string): Promise<Finding> {
  const about = `Argo CD: ${context}`;
  const get = ['--context', context, '--namespace', 'argocd', 'get', 'applications.argoproj.io', 'root', '--output'];
  const told = await tell('kubectl', ...get, 'jsonpath={.status.sync.status} {.status.health.status}');
  if (told === null) {
    const says =
      "its application root can't be read: it is not installed, or this machine has no access to the cluster.";
    return unknown(about, says, 'npm run pipeline -- up argocd');
  }
  if (told === 'Synced Healthy') return ok(about, 'root is Synced and Healthy.');
  return missing(
    about,
    `root is ${told === '' ? 'without a status' : told}.`,
    `kubectl ${get.slice(0, -1).join(' ')} --output yaml`,
  );
}
