// node --import tsx tests/real/rules/main.ts [RULE...]
// Plays the bad and the good example of rules on the lab, under load, and writes what it has measured to the rules' pages and to
// packages/zerodrop/docs/measured.json. Without a RULE it plays all. PARALLEL says how many examples at once, REGISTRY where
// images go. Exit code 1 where a play shows something else than its rule says; such a play is not written.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ruleList } from 'zerodrop/guard';
import { perform, say, signal, takeDowns } from '../play.ts';
import { openCluster } from './cluster.ts';
import { playEmbedded } from './embedded.ts';
import { examplesOf } from './example.ts';
import { buildImages } from './images.ts';
import type { Files } from './manifest.ts';
import { effectsOf, type Observation } from './observation.ts';
import { writePages } from './page.ts';
import type { Play } from './play.ts';
import { followedPlays } from './plays/followed.ts';
import { servedPlays } from './plays/served.ts';
import { type Measured, readRecord, withMeasured, writeRecord } from './record.ts';
import type { Surroundings } from './stage.ts';
import { unplayed } from './unplayed.ts';
import { playExample } from './variant.ts';
import { versionsOf } from './versions.ts';

const registry = process.env['REGISTRY'] ?? '127.0.0.1:5000';
const parallel = Number(process.env['PARALLEL'] ?? 6);
const rules = process.argv.slice(2);

await perform(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-played-'));
  takeDowns.push(async () => rm(folder, { recursive: true, force: true }));
  const cluster = await openCluster();
  takeDowns.push(async () => cluster.close());
  const images = await buildImages(folder, registry, signal);
  say('the images are built');
  const around: Surroundings = { cluster, images, folder, signal };
  const plays = [...servedPlays, ...followedPlays].filter(({ rule }) => rules.length === 0 || rules.includes(rule));
  const measured = await inTurns(plays, async (play, index) => playBoth(around, play, index));
  const right = measured.filter((one) => one !== null);
  const record = withMeasured({ ...readRecord(), ...(await versionsOf(cluster)) }, right);
  writeRecord(record);
  writePages(
    ruleList.map(({ id }) => id),
    record,
    unplayed,
  );
  say(`${right.length} of ${plays.length} plays show what their rules say`);
  process.exitCode = right.length === plays.length ? 0 : 1;
});

/** Plays the bad and the good example; null where they show something else than the rule says. */
async function playBoth(around: Surroundings, play: Play, index: number): Promise<Measured | null> {
  const { rule, as, by, expect } = play;
  const examples = examplesOf(rule);
  const always = play.all ?? ((files) => files);
  const before = always(examples.before);
  const name = `guard-${rule}-${index}`;
  try {
    const one = async (changed: Files, suffix: string): Promise<Observation> =>
      play.by === 'the embedded cluster'
        ? playEmbedded(play, before, changed, signal)
        : playExample(around, play, `${name}-${suffix}`, before, changed);
    const [bad, good] = await Promise.all([
      one(play.bad?.(before) ?? always(examples.bad), 'bad'),
      one(play.good?.(before) ?? always(examples.good), 'good'),
    ]);
    const after = effectsOf(good);
    const isRight = effectsOf(bad).has(expect) && !after.has(expect) && !after.has('lost');
    say(`${isRight ? 'as the rule says' : `NOT AS THE RULE SAYS (${expect})`}: ${rule} ${as ?? ''}`);
    say(`  bad:  ${JSON.stringify(bad)}`);
    say(`  good: ${JSON.stringify(good)}`);
    return isRight ? { rule, ...(as === undefined ? {} : { as }), by, expect, bad, good } : null;
  } catch (error) {
    signal.throwIfAborted();
    say(`NOT PLAYED: ${rule} ${as ?? ''}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** Does the work for each, some at a time. */
async function inTurns<T, R>(all: readonly T[], work: (one: T, index: number) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) {
      const one = all[index];
      if (one !== undefined) results[index] = await work(one, index);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.ceil(parallel / 2)) }, worker));
  return results;
}
