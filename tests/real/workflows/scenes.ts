import assert from 'node:assert/strict';
import { say } from '../play.ts';
import { givenIn, type Proposed } from './github.ts';
import { type EnvironmentName, service, type Stage } from './stage.ts';
import {
  actedAs,
  answersAs,
  close,
  commentedOnce,
  green,
  identities,
  ignoresItsOwn,
  mergeAndVerify,
  mergeChange,
  offered,
  open,
  startedAlone,
} from './steps.ts';
import type { Traffic } from './traffic.ts';

/** What is sent to both environments; null where nothing runs that could answer. */
type Both = Readonly<Record<EnvironmentName, Traffic>> | null;

/** A pull request is checked, merged and released to staging, offered to production, merged there, and verified in both. */
export async function changed(stage: Stage, traffic: Both): Promise<void> {
  const { github, host } = stage;
  say('a pull request');
  const commit = await stage.branch('improve', "process.env['PLAY_ONE'] ??= 'yes';");
  const proposed = await github.propose('improve', open(stage, 'improve'));
  assert.deepEqual(await github.startedByProposal(proposed), ['check', 'cluster', 'rehearse']);
  green(await github.proposed('check', proposed), { 'check/guard': 'success', 'check/check': 'success' });
  commentedOnce(stage, proposed.number, /^### ✅ Passed: guard, forecast, rehearsal\n[\s\S]* of [\d,]+ requests lost/m);
  const cluster = await github.proposed('cluster', proposed);
  green(cluster, { 'cluster/cluster': 'success' });
  assert.equal(cluster.jobs.get('cluster/plan'), undefined, cluster.log);

  const built = await release(stage, proposed, traffic);

  say('the promotion');
  const promotion = offered(stage);
  assert.ok(promotion.body.includes(commit.slice(0, 7)), promotion.body);
  const toProduction = await github.propose(promotion.head, promotion.number);
  assert.deepEqual(await github.startedByProposal(toProduction), ['check', 'cluster']);
  green(await github.proposed('check', toProduction, { node: '24' }), {
    'check/guard': 'success',
    'check/check': 'success',
  });
  commentedOnce(
    stage,
    toProduction.number,
    /^### ✅ Passed: guard, forecast, rehearsal\n[\s\S]*\| forecast \| .* 1 workload rolls out/m,
  );
  await mergeAndVerify(stage, toProduction, 'production');
  assert.equal(await stage.pinned('production'), built);
  await answersAs(traffic?.production, built);
  assert.deepEqual(host.refused, []);
}

/** The merge of a pull request is released to staging, verified there, and offered to production. Returns the tag that staging runs. */
export async function release(stage: Stage, proposed: Proposed, traffic: Both): Promise<string> {
  const { github } = stage;
  say('its merge: a release to staging');
  const before = await github.main();
  const merged = await github.merge(proposed);
  startedAlone(await github.startedByPush(before, merged), 'release', 'the merge of a change');
  const released = await github.pushed('release', before, merged);
  green(released, { 'release/services': 'success' });
  const built = stage.tagOf(merged);
  assert.equal(await stage.pinned('staging'), built, 'Staging is not pinned to the image of the merge.');
  await answersAs(traffic?.staging, built);
  actedAs(await identities(stage, released), ['push', 'push', 'verify'], released);
  const attested = (await givenIn(stage.folder, released)).find(({ name }) => name === 'actions/attest');
  assert.match(
    attested?.given?.['subject-digest'] ?? '',
    /^sha256:[0-9a-f]{64}$/,
    'Nothing is attested by its digest.',
  );
  await ignoresItsOwn(stage, merged);
  offered(stage);
  return built;
}

/** Production goes back: the pull request of the workflow takes the short check. */
export async function rollBack(stage: Stage, traffic: Both): Promise<void> {
  const { github } = stage;
  say('a rollback of production');
  const was = await stage.pinned('production');
  green(await github.dispatched('roll-back', { service, environment: 'production' }), {
    'roll back/roll-back': 'success',
  });
  const revert = offered(stage);
  const proposed = await github.propose(revert.head, revert.number);
  const checked = await github.proposed('check', proposed);
  green(checked, { 'check/guard': 'success', 'check/check': 'success' });
  assert.deepEqual(
    [...checked.jobs.keys()].filter((job) => /code|rehearse|image/.test(job)),
    [],
    'A rollback does not take the short check.',
  );
  commentedOnce(stage, proposed.number, /^### ✅ Passed: guard(?:, forecast)?\n[\s\S]*not needed for a rollback/m);
  await mergeAndVerify(stage, proposed, 'production');
  const now = await stage.pinned('production');
  assert.notEqual(now, was);
  await answersAs(traffic?.production, now);
}

/** Opens a stranger's pull request. Returns how it is checked: without a secret and an identity, and nothing is written under it. */
export async function fork(stage: Stage): Promise<() => Promise<void>> {
  const { github, host } = stage;
  await stage.branch('stranger', "process.env['PLAY_FORK'] ??= 'yes';");
  const proposed = await github.propose('stranger', open(stage, 'stranger'));
  return async () => {
    for (const workflow of ['check', 'cluster']) {
      const ran = await github.proposed(workflow, proposed, { from: 'stranger/zerodrop', node: '24' });
      green(ran, { [`${workflow}/${workflow}`]: 'success' });
      actedAs(await identities(stage, ran), [], ran);
    }
    assert.deepEqual(
      host.comments.filter(({ issue }) => issue === proposed.number),
      [],
      "There is a comment under a fork's pull request.",
    );
    assert.deepEqual(host.refused, [], "GitHub has refused something to a fork's pull request.");
    close(stage, proposed.number);
  };
}

/** A version that crashes at start is not verified: staging goes back by itself, and nothing is offered. */
export async function badRelease(stage: Stage, traffic: NonNullable<Both>): Promise<void> {
  const { github } = stage;
  say('a bad image');
  const was = await stage.pinned('staging');
  const offers = stage.host.pullRequests.length;
  const { before, merged } = await mergeChange(stage, 'bad', "throw new Error('The play breaks this version.');");
  const ran = await github.pushed('release', before, merged);
  assert.equal(ran.isGreen, false, ran.log);
  assert.match(ran.log, /CrashLoopBackOff/);
  assert.match(ran.log, /runs again after [\d.]+ s\./);
  assert.equal(await stage.pinned('staging'), was);
  await answersAs(traffic.staging, was);
  assert.ok(!traffic.staging.samples.some(({ version }) => version === stage.tagOf(merged)));
  assert.deepEqual(
    stage.host.pullRequests.slice(offers).filter(({ head }) => head.startsWith('promote/')),
    [],
  );
  await ignoresItsOwn(stage, merged);
}

/**
 * Two merges, whose releases of one service GitHub queues in a group. The run of the older commit comes first and releases what main
 * has by then. Returns how a run of the newest commit that somebody starts by hand goes after that: it builds, signs, commits and offers
 * nothing anew, as the run that waits in the queue.
 */
export async function queued(stage: Stage, traffic: NonNullable<Both>): Promise<() => Promise<void>> {
  const { github, host } = stage;
  say('two merges, released one after the other');
  const one = await mergeChange(
    stage,
    'mend',
    "process.env['PLAY_TWO'] ??= 'yes';",
    "throw new Error('The play breaks this version.');",
  );
  const other = await mergeChange(stage, 'more', "process.env['PLAY_THREE'] ??= 'yes';");
  const newest = stage.tagOf(other.merged);
  const first = await github.pushed('release', one.before, one.merged);
  green(first, { 'release/services': 'success' });
  assert.equal(await stage.pinned('staging'), newest);
  await answersAs(traffic.staging, newest);
  assert.equal((await givenIn(stage.folder, first)).filter(({ name }) => name.includes('build-push')).length, 1);
  assert.ok(!traffic.staging.samples.some(({ version }) => version === stage.tagOf(one.merged)));
  assert.ok(offered(stage).title.includes(newest), offered(stage).title);

  return async () => {
    say('the newest release once more');
    const main = await github.main();
    const offers = host.pullRequests.length;
    const again = await github.dispatched('release', {});
    green(again, { 'release/services': 'success' });
    const given = await givenIn(stage.folder, again);
    assert.deepEqual(
      given.filter(({ name, words = [] }) => /build-push|attest/.test(name) || words[0] === 'sign'),
      [],
    );
    assert.ok(
      given.some(({ words = [] }) => words[0] === 'verify'),
      'No signature was looked for.',
    );
    assert.equal(await github.main(), main);
    assert.equal(host.pullRequests.length, offers);
  };
}
