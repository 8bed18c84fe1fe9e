import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { run, type ProcessOptions } from 'zerodrop/rehearse';

export type Result = 'success' | 'failure' | 'skipped';

/** How a run of a workflow ended. */
export interface Ran {
  readonly number: number;
  readonly workflow: string;
  /** Jobs by their names, those of called workflows as `caller/called`, in the order in which they ended. */
  readonly jobs: ReadonlyMap<string, Result>;
  readonly isGreen: boolean;
  readonly log: string;
}

/** What starts a run. */
export interface Start {
  /** The file's name, without `.yaml`. */
  readonly workflow: string;
  readonly event: 'push' | 'pull_request' | 'workflow_dispatch';
  readonly payload: object;
  /** The commit that is checked out: the merge, for a pull request. */
  readonly commit: string;
  readonly actor: string;
  /** The token of its jobs. */
  readonly token: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** The one version of Node.js of a matrix; every one for null. */
  readonly node: string | null;
}

/** Where runs take place. */
export interface Runner {
  readonly program: string;
  readonly folder: string;
  /** The bare repository. */
  readonly remote: string;
  /** Folders of actions by `owner/name@ref`. */
  readonly actions: ReadonlyMap<string, string>;
  readonly environment: NodeJS.ProcessEnv;
  /** What each job finds in its environment. */
  readonly given: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

let runs = 0;

/** Runs a workflow on nektos/act, with its jobs on this machine. */
export async function runWorkflow(runner: Runner, start: Start): Promise<Ran> {
  const number = ++runs;
  const folder = path.join(runner.folder, `run-${number}`);
  const where: ProcessOptions = { directory: runner.folder, environment: runner.environment, signal: runner.signal };
  // The workflows are read from here, and the commit; jobs check out for themselves.
  await run(where, 'git', 'clone', '--quiet', '--shared', '--no-checkout', runner.remote, folder);
  const git = (...args: readonly string[]): Promise<string> => run(where, 'git', '-C', folder, ...args);
  await git('update-ref', '--no-deref', 'HEAD', start.commit);
  await git('checkout', '--quiet', start.commit, '--', '.github');
  const files = path.join(folder, '.git', 'play');
  await mkdir(files);
  const event = path.join(files, 'event.json');
  const secrets = path.join(files, 'secrets');
  await writeFile(event, JSON.stringify(start.payload));
  const all = { ...start.secrets, GITHUB_TOKEN: start.token };
  // In quotes: a key has several lines.
  const lines = Object.entries(all).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  await writeFile(secrets, `${lines.join('\n')}\n`, { mode: 0o600 });
  const ran = await act(runner, folder, [
    start.event,
    '--workflows',
    `.github/workflows/${start.workflow}.yaml`,
    '--eventpath',
    event,
    '--actor',
    start.actor,
    '--secret-file',
    secrets,
    '--json',
    '--no-skip-checkout',
    '--no-cache-server',
    '--rm',
    '--pull=false',
    '--platform',
    'ubuntu-24.04=-self-hosted',
    '--action-cache-path',
    path.join(folder, '.git', 'jobs'),
    ...(start.node === null ? [] : ['--matrix', `node:${start.node}`]),
    ...[...runner.actions].flatMap(([action, place]) => ['--local-repository', `${action}=${place}`]),
    ...named('--env', { ...runner.given, GITHUB_RUN_ID: String(number), GITHUB_RUN_NUMBER: String(number) }),
    ...named('--var', runner.variables),
  ]);
  await rm(folder, { recursive: true, force: true });
  return { number, workflow: start.workflow, ...ran };
}

function named(option: string, values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`]);
}

async function act(
  { program, environment, signal }: Runner,
  directory: string,
  args: readonly string[],
): Promise<Pick<Ran, 'jobs' | 'isGreen' | 'log'>> {
  const child = spawn(program, args, { cwd: directory, env: environment, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const jobs = new Map<string, Result>();
  const log: string[] = [];
  const hear = (line: string): void => {
    const { job: padded = '', msg = line, jobResult } = entryOf(line);
    const job = padded.trim();
    log.push(`${job === '' ? '' : `[${job}] `}${msg.trimEnd()}`);
    if (jobResult !== undefined) jobs.set(job, jobResult);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { jobs, isGreen: exitCode === 0, log: log.join('\n') };
}

interface Entry {
  readonly job?: string;
  readonly msg?: string;
  readonly jobResult?: Result;
}

function entryOf(line: string): Entry {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}
