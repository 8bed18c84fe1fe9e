import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatPin, pinPath } from '../../apps/pins.ts';
import { formatImageReference } from '../../release/outcome.ts';
import type { PublishRequest } from '../../release/publish/publish.ts';
import { machineClock, type Surroundings } from '../../release/publish/race.ts';
import type { ImageReference } from '../../settings/image.ts';
import { imageRepository } from '../settings/sample.ts';
import { renderHere, renderOneHere } from './render-here.ts';
import {
  copyOf,
  emptyRepository,
  renderedRepository,
  type Repository,
  temporaryFolder,
  writeStore,
} from './repository.ts';

/** A bare repository that clones push to, gone when the test ends. */
export interface Remote {
  readonly directory: string;
  git(...args: readonly string[]): string;
  /** Makes a clone on main, with an identity of its own. */
  clone(): Repository;
  /** Makes a hook of these shell lines, or of none takes it away. */
  hook(name: string, ...lines: readonly string[]): void;
}

/** A remote whose main is this repository's. */
export function remoteOf(origin: Repository = renderedRepository()): Remote {
  const directory = join(temporaryFolder(), 'remote.git');
  // Upkeep costs as much as the push, and may outlive it.
  writeStore(directory, '[core]\n  repositoryFormatVersion = 0\n  bare = true\n[receive]\n  autogc = false\n');
  for (const folder of ['objects', 'refs']) copy(join(origin.directory, '.git', folder), join(directory, folder));
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8' }).trimEnd();
  return {
    directory,
    git,
    clone() {
      const clone = emptyRepository();
      const store = join(clone.directory, '.git');
      for (const folder of ['objects', 'refs']) copy(join(directory, folder), join(store, folder));
      copy(join(directory, 'refs/heads'), join(store, 'refs/remotes/origin'));
      appendFileSync(join(store, 'config'), tracking(directory));
      clone.git('reset', '--quiet', '--hard');
      return clone;
    },
    hook(name, ...lines) {
      const path = join(directory, 'hooks', name);
      mkdirSync(join(directory, 'hooks'), { recursive: true });
      writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'));
      chmodSync(path, lines.length === 0 ? 0o644 : 0o755);
    },
  };
}

/** What git clone writes to the configuration. */
function tracking(remote: string): string {
  return [
    '[remote "origin"]',
    `  url = ${remote}`,
    '  fetch = +refs/heads/*:refs/remotes/origin/*',
    '[branch "main"]',
    '  remote = origin',
    '  merge = refs/heads/main',
    '',
  ].join('\n');
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}

/** Commits to the service, once for each subject, and pushes. Returns the commits: sources to build images from. */
export function pushSources(clone: Repository, ...subjects: readonly string[]): readonly string[] {
  for (const subject of subjects) clone.commit(subject);
  clone.git('push', '--quiet', 'origin', 'HEAD:main');
  return clone.git('rev-list', '--reverse', `--max-count=${subjects.length}`, 'HEAD').split('\n');
}

/** As {@link pushSources}, for one. */
export function pushSource(clone: Repository, subject: string): string {
  const [source = ''] = pushSources(clone, subject);
  return source;
}

/** Commits a release as anything might have made it, with a source commit of its own. Returns both; pushes nothing. */
export async function commitRelease(
  clone: Repository,
  tag: string,
  environment = 'staging',
  service = 'web',
): Promise<{ readonly source: string; readonly commit: string }> {
  clone.write('service/main.ts', `// ${tag}\n`);
  clone.commit(`Change for ${tag}`);
  const source = clone.head();
  clone.write(pinPath(`${environment}/${service}`), formatPin({ image: formatImageReference(image(tag)), source }));
  await renderHere(clone.directory);
  clone.commit(`Release ${tag}`);
  return { source, commit: clone.head() };
}

/** A remote with these releases on main, each a tag and an environment, and what {@link commitRelease} returns of each. */
export async function remoteWith(...releases: readonly (readonly [tag: string, environment: string])[]) {
  const { repository, told } = await copyOf(JSON.stringify(releases), async () => {
    const origin = renderedRepository();
    const commits: Awaited<ReturnType<typeof commitRelease>>[] = [];
    for (const [tag, environment] of releases) commits.push(await commitRelease(origin, tag, environment));
    return { repository: origin, told: commits };
  });
  return { remote: remoteOf(repository), releases: told };
}

/** The surroundings of a command in this clone. */
export function surroundings(clone: Pick<Repository, 'directory'>, other: Partial<Surroundings> = {}): Surroundings {
  return {
    directory: clone.directory,
    remote: 'origin',
    withinMs: 60_000,
    callMs: 30_000,
    clock: { ...machineClock, random: () => Math.random() / 10 },
    dateMs: () => Date.UTC(2026, 0, 1),
    render: renderOneHere,
    signal: new AbortController().signal,
    ...other,
  };
}

/** An image by its tag. */
function image(tag: string): ImageReference {
  return { repository: imageRepository, tag, digest: `sha256:${'0'.repeat(64)}` };
}

/** A release to staging. */
export function request(tag: string, source: string, other: Partial<PublishRequest> = {}): PublishRequest {
  return { environment: 'staging', image: image(tag), source, allowance: null, again: false, ...other };
}

/** What a promotion is asked for where nothing requires a receipt. */
export const noReceipts = { receipts: async () => [], withoutReceipt: null };
