import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { signal } from '../play.ts';
import type { Ran, Result } from './act.ts';
import { givenIn, type Proposed } from './github.ts';
import { type EnvironmentName, service, type Stage } from './stage.ts';
import { newest, type Traffic } from './traffic.ts';

/** Requires one comment under a pull request, with these words. */
export function commentedOnce({ host }: Stage, number: number, words: RegExp): void {
  const own = host.comments.filter(({ issue }) => issue === number);
  assert.equal(own.length, 1, `There are ${own.length} comments under pull request ${number}.`);
  assert.match(own[0]?.body ?? '', words);
}

/** Opens a pull request as a person would. */
export function open({ host }: Stage, head: string): number {
  const number = host.pullRequests.length + 1;
  host.pullRequests.push({ number, head, title: head, body: '', state: 'open' });
  return number;
}

export function close({ host }: Stage, number: number): void {
  const old = host.pullRequests[number - 1];
  if (old !== undefined) host.pullRequests[number - 1] = { ...old, state: 'closed' };
}

export async function mergeChange(
  stage: Stage,
  name: string,
  code: string,
  instead = '',
): Promise<{ readonly before: string; readonly merged: string }> {
  await stage.branch(name, code, instead);
  const proposed = await stage.github.propose(name, open(stage, name));
  const before = await stage.github.main();
  const merged = await stage.github.merge(proposed);
  close(stage, proposed.number);
  startedAlone(await stage.github.startedByPush(before, merged), 'release', 'the merge of a change');
  return { before, merged };
}

/** The newest pull request that the App has opened. */
export function offered({ host }: Stage) {
  const found = host.pullRequests.findLast(({ head, state }) => state === 'open' && head.includes('/'));
  assert.ok(found !== undefined, 'No pull request of the App is open.');
  return found;
}

/** Merges what changes an environment: the workflow verify starts, and is green. */
export async function mergeAndVerify(stage: Stage, proposed: Proposed, environment: EnvironmentName): Promise<void> {
  const { github } = stage;
  const before = await github.main();
  const merged = await github.merge(proposed);
  close(stage, proposed.number);
  startedAlone(await github.startedByPush(before, merged), 'verify', `the merge for ${environment}`);
  const ran = await github.pushed('verify', before, merged);
  green(ran, { 'verify/targets': 'success', [`${service} in ${environment}/verify target/verify`]: 'success' });
  actedAs(await identities(stage, ran), ['verify'], ran);
}

/** The commits that the App has pushed since start the workflow verify alone, which leaves them to the run that made them. */
export async function ignoresItsOwn(stage: Stage, since: string): Promise<void> {
  const { github, host } = stage;
  const pushed = await github.git('rev-list', '--reverse', '--first-parent', `${since}..main`);
  assert.notEqual(pushed, '', 'The App has pushed nothing.');
  for (const commit of pushed.split('\n')) {
    assert.equal(await github.git('log', '-1', '--format=%an', commit), `${host.app.slug}[bot]`);
    startedAlone(await github.startedByPush(`${commit}^`, commit), 'verify', 'a commit of the App');
  }
  const ran = await github.pushed('verify', since, await github.main(), `${host.app.slug}[bot]`);
  green(ran, {});
  assert.deepEqual(
    [...ran.jobs.values()].filter((result) => result !== 'skipped'),
    [],
    ran.log,
  );
}

/** Requires that an event has started this workflow, and no other. */
export function startedAlone(started: readonly string[], workflow: string, event: string): void {
  assert.deepEqual(
    started,
    [workflow],
    `${event} starts ${started.join(', ') || 'nothing'}, expected ${workflow} alone.`,
  );
}

/** Requires that a run has acted as these accounts at Google, in this order. */
export function actedAs(accounts: readonly string[], expected: readonly string[], { workflow }: Ran): void {
  const [found, wanted] = [accounts, expected].map((names) => names.join(', ') || 'nobody');
  assert.deepEqual(accounts, expected, `${workflow} has acted as ${found}, expected ${wanted}.`);
}

/** Requires a green run, with these results among its jobs'. */
export function green(ran: Ran, jobs: Readonly<Record<string, Result>>): void {
  const failed = [...ran.jobs].filter(([, result]) => result === 'failure').map(([job]) => job);
  // Without a job that failed, act has refused the workflow, and says why in its last line.
  const why = failed.join(', ') || ran.log.trimEnd().split('\n').at(-1);
  assert.ok(ran.isGreen, `${ran.workflow} is red: ${why}.\n${ran.log}`);
  for (const [job, result] of Object.entries(jobs)) {
    assert.equal(ran.jobs.get(job), result, `${job} of ${ran.workflow}, of ${[...ran.jobs.keys()].join(', ')}`);
  }
}

/** The accounts at Google that a run has acted as. */
export async function identities(stage: Stage, ran: Ran): Promise<readonly string[]> {
  const given = await givenIn(stage.folder, ran);
  return given.flatMap(({ name, given: inputs }) => {
    const [, account] = /-(\w+)@/.exec(inputs?.['service_account'] ?? '') ?? [];
    return name === 'google-github-actions/auth' ? [account ?? 'nobody'] : [];
  });
}

/** Waits until an environment answers as this version alone; for nothing where nothing runs that could answer. */
export async function answersAs(traffic: Traffic | undefined, version: string): Promise<void> {
  if (traffic === undefined) return;
  for (let left = 60; newest(traffic).join() !== version; left -= 1) {
    assert.ok(left > 0, `It answers as ${newest(traffic).join()} and not as ${version}.`);
    await pause(500, undefined, { signal });
  }
}
