import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { run, type ProcessOptions } from 'zerodrop/rehearse';
import { starts } from '../../github/filters.ts';
import { readSource } from '../../github/workflows.ts';
import { say } from '../play.ts';
import { type Ran, runWorkflow, type Runner, type Start } from './act.ts';
import type { Host } from './host.ts';

/** A merge that a pull request would be. */
export interface Proposed {
  readonly number: number;
  readonly head: string;
  readonly merge: string;
  readonly base: string;
}

type Event = Pick<Start, 'event' | 'payload' | 'commit' | 'actor' | 'secrets' | 'token'> & Partial<Pick<Start, 'node'>>;

/** GitHub, as far as it starts workflows: which ones an event starts, with whose rights and secrets. */
export interface GitHubHere {
  git(...args: readonly string[]): Promise<string>;
  main(): Promise<string>;
  /** Makes the merge of a branch, as a pull request has it. */
  propose(head: string, number: number): Promise<Proposed>;
  /** Merges it: main is at the merge then. */
  merge(proposed: Proposed): Promise<string>;
  /** The workflows that a push to main starts, by their files' names. */
  startedByPush(before: string, after: string): Promise<readonly string[]>;
  startedByProposal(proposed: Proposed): Promise<readonly string[]>;
  pushed(workflow: string, before: string, after: string, actor?: string): Promise<Ran>;
  /** Runs a workflow for a pull request of this repository or a fork, on one version of Node.js or on all of a matrix. */
  proposed(
    workflow: string,
    proposed: Proposed,
    how?: Partial<Pick<Start, 'node'>> & { readonly from?: string },
  ): Promise<Ran>;
  dispatched(workflow: string, inputs: Readonly<Record<string, string>>): Promise<Ran>;
}

const person = 'ada';

/** Starts workflows as GitHub does, of the commit that the event is about. */
export function gitHubHere(host: Host, environment: NodeJS.ProcessEnv, runner: Runner): GitHubHere {
  const where: ProcessOptions = { directory: runner.remote, environment, signal: runner.signal };
  const git = (...args: readonly string[]): Promise<string> => run(where, 'git', ...args);
  const main = (): Promise<string> => git('rev-parse', 'refs/heads/main');
  const secrets = { RELEASE_APP_KEY: host.app.key };
  const repository = {
    full_name: host.repository,
    name: 'zerodrop',
    default_branch: 'main',
    // Of a private one nothing is attested.
    private: false,
    owner: { login: 'example' },
  };

  const started = async (event: 'push' | 'pull_request', before: string, after: string): Promise<readonly string[]> => {
    const changed = (await git('diff', '--name-only', '--no-renames', before, after))
      .split('\n')
      .filter((changedPath) => changedPath !== '');
    const files = (await git('ls-tree', '--name-only', `${after}:.github/workflows`)).split('\n');
    const found: string[] = [];
    for (const file of files) {
      const { workflow } = readSource(file, await git('show', `${after}:.github/workflows/${file}`));
      if (workflow !== null && starts(workflow, event, changed)) found.push(path.basename(file, '.yaml'));
    }
    return found;
  };
  const start = async (workflow: string, event: Event): Promise<Ran> => {
    const ran = await runWorkflow(runner, { workflow, node: null, ...event });
    const results = [...ran.jobs].map(([job, result]) => `${job} ${result}`).join(', ');
    say(
      `${ran.number}. ${workflow} on ${event.event} by ${event.actor}: ${ran.isGreen ? 'green' : 'red'} (${results})`,
    );
    return ran;
  };
  const ours = (): string => host.token({ contents: 'read', pull_requests: 'write' });

  return {
    git,
    main,
    startedByPush: (before, after) => started('push', before, after),
    startedByProposal: ({ base, merge }) => started('pull_request', base, merge),
    async propose(head, number) {
      const [base, tip] = [await main(), await git('rev-parse', head)];
      const tree = await git('merge-tree', '--write-tree', base, tip);
      const merge = await git('commit-tree', tree, '-p', base, '-p', tip, '-m', `Merge pull request #${number}`);
      await git('update-ref', `refs/pull/${number}/merge`, merge);
      return { number, head, base, merge };
    },
    async merge({ merge, base }) {
      await git('update-ref', 'refs/heads/main', merge, base);
      return merge;
    },
    pushed: (workflow, before, after, actor = person) =>
      start(workflow, {
        event: 'push',
        // GitHub leaves out what a branch's deletion would say; act wants to read that it is none.
        payload: { ref: 'refs/heads/main', before, after, deleted: false, repository, sender: { login: actor } },
        commit: after,
        actor,
        secrets,
        token: ours(),
      }),
    proposed: async (workflow, { number, head, base, merge }, { from = host.repository, node = null } = {}) => {
      const isFork = from !== host.repository;
      const pullRequest = {
        number,
        head: { ref: head, sha: await git('rev-parse', `${merge}^2`), repo: { full_name: from, fork: isFork } },
        base: { ref: 'main', sha: base, repo: repository },
      };
      return start(workflow, {
        event: 'pull_request',
        payload: { action: 'opened', number, pull_request: pullRequest, repository },
        commit: merge,
        actor: isFork ? 'stranger' : person,
        // A fork's run gets no secret, and a token that may only read (docs.github.com, "Events that trigger workflows").
        secrets: isFork ? {} : secrets,
        token: isFork ? host.token({ contents: 'read', pull_requests: 'none' }) : ours(),
        node,
      });
    },
    dispatched: async (workflow, inputs) =>
      start(workflow, {
        event: 'workflow_dispatch',
        payload: { ref: 'refs/heads/main', after: await main(), deleted: false, inputs, repository },
        commit: await main(),
        actor: person,
        secrets,
        token: ours(),
      }),
  };
}

/** What the stand-ins wrote down. */
export interface Given {
  readonly name: string;
  readonly run: string;
  readonly job: string;
  readonly given?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
}

/** Reads what the stand-ins wrote down in one run. */
export async function givenIn(folder: string, { number }: Ran): Promise<readonly Given[]> {
  const text = await readFile(path.join(folder, 'given.jsonl'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line): Given => JSON.parse(line)).filter((one) => one.run === String(number));
}
