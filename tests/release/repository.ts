import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { render } from '../../apps/render.ts';
import { userEnvironment } from '../../git/environment.ts';
import type { Settings } from '../../settings/settings.ts';
import { settings } from '../settings/sample.ts';

/** A git repository in a temporary folder, gone when the test ends. */
export interface Repository {
  readonly directory: string;
  git(...args: readonly string[]): string;
  /** Writes a file, and the folders above it. */
  write(path: string, text: string): void;
  read(path: string): string;
  /** Commits everything. */
  commit(subject: string): void;
  /** HEAD and `git status`, whatever is ignored or not: what must be the same where nothing is written. */
  state(): string;
  /** Makes a hook of these shell lines. */
  hook(name: string, ...lines: readonly string[]): void;
}

const config = `
[user]
  name = Ada Test
  email = ada@example.com
[commit]
  gpgSign = false
[core]
  hooksPath = .git/hooks
`;

/** An empty repository on main, with an identity of its own and without the user's hooks and signatures. */
export function emptyRepository(): Repository {
  const directory = temporaryFolder();
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', directory, ...args], {
      encoding: 'utf8',
      env: userEnvironment(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  git('init', '--quiet', '--initial-branch=main', '--template=');
  appendFileSync(join(directory, '.git', 'config'), config);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  return {
    directory,
    git,
    write,
    read: (path) => readFileSync(join(directory, path), 'utf8'),
    commit(subject) {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', `--message=${subject}`);
    },
    state: () => `${git('rev-parse', 'HEAD')}\n${git('status', '--porcelain', '--ignored')}`,
    hook(name, ...lines) {
      const path = join(directory, '.git', 'hooks', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
    },
  };
}

/** A repository that has these settings, rendered and committed, and no release yet. */
export function renderedRepository(owned: Settings = settings): Repository {
  const repository = emptyRepository();
  repository.write('settings.ts', `export const settings = ${JSON.stringify(owned, null, 2)};\n`);
  for (const [path, text] of render(owned, new Map())) repository.write(path, text);
  repository.commit('Begin');
  return repository;
}

/** A folder that is no repository, gone when the test ends. */
export function temporaryFolder(): string {
  // The real path: git prints that, also where the temporary folder is a link.
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'zerodrop-release-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
