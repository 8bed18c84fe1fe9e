import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { onTestFinished } from 'vitest';
import { userEnvironment } from 'zerodrop/git';
import type { Project } from '../../apps/project.ts';
import { render } from '../../apps/render.ts';
import { project, projectFiles } from '../settings/sample.ts';

/** A git repository in a temporary folder, gone when the test ends. */
export interface Repository {
  readonly directory: string;
  git(...args: readonly string[]): string;
  /** Writes a file, and the folders above it. */
  write(path: string, text: string | Buffer): void;
  read(path: string): string;
  /** Commits everything. */
  commit(subject: string): void;
  /** The commit that is checked out. */
  head(): string;
  /** HEAD, its branch and `git status`, whatever is ignored or not: what must be the same where nothing is written. */
  state(): string;
  /** Makes a hook of these shell lines. */
  hook(name: string, ...lines: readonly string[]): void;
}

/** Without upkeep: git would start a process for it after each commit and each fetch. */
const config = `
[core]
  repositoryFormatVersion = 0
  hooksPath = .git/hooks
[user]
  name = Ada Test
  email = ada@example.com
[commit]
  gpgSign = false
[gc]
  auto = 0
[maintenance]
  auto = false
`;

/** An empty repository on main, with an identity of its own and without the user's hooks and signatures. */
export function emptyRepository(): Repository {
  const directory = temporaryFolder();
  // Git's own processes take most of the time of these tests: what git init leaves is written without one.
  writeStore(join(directory, '.git'), `${config}[core]\n  bare = false\n  logAllRefUpdates = true\n`);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', directory, ...args], {
      encoding: 'utf8',
      env: userEnvironment(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  const write = (path: string, text: string | Buffer): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  const readStore = (name: string): string => readFileSync(join(directory, '.git', name), 'utf8');
  return {
    directory,
    git,
    write,
    read: (path) => readFileSync(join(directory, path), 'utf8'),
    commit(subject) {
      // By one small process, because this large one takes longer to start another than git takes to commit.
      const both = 'git add --all && exec git commit --quiet --allow-empty --message="$0"';
      execFileSync('sh', ['-c', both, subject], { cwd: directory, env: userEnvironment(process.env), stdio: 'pipe' });
    },
    head() {
      const [head = '', reference] = /^(?:ref: (.+)|.+)$/m.exec(readStore('HEAD')) ?? [];
      return reference === undefined ? head : readStore(reference).trim();
    },
    state: () => git('status', '--porcelain=v2', '--branch', '--ignored').replace(/^# branch\.ab .*\n?/m, ''),
    hook(name, ...lines) {
      const path = join(directory, '.git', 'hooks', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
    },
  };
}

/** Repositories that were made before, with all of their files, by what they are made of. */
const made = new Map<string, { readonly files: ReadonlyMap<string, Buffer>; readonly told: unknown }>();

/** A repository as it is made the first time for these words, and what was told of it then: a copy is made without git. */
export async function copyOf<Told>(
  words: string,
  make: () => Promise<{ readonly repository: Repository; readonly told: Told }>,
): Promise<{ readonly repository: Repository; readonly told: Told }> {
  const before = made.get(words);
  if (before !== undefined) return { repository: written(before.files), told: before.told as Told };
  const { repository, told } = await make();
  made.set(words, { files: everyFile(repository.directory), told });
  return { repository, told };
}

function written(files: ReadonlyMap<string, Buffer>): Repository {
  const repository = emptyRepository();
  for (const [path, bytes] of files) repository.write(path, bytes);
  return repository;
}

/** A repository that has these settings, rendered and committed, and no release yet. */
export function renderedRepository(owned: Project = project): Repository {
  const owner = projectFiles(owned);
  const text = [...owner.values()].join('');
  const before = made.get(text);
  if (before !== undefined) return written(before.files);
  const repository = emptyRepository();
  for (const [path, content] of [...owner, ...render(owned, new Map())]) repository.write(path, content);
  repository.commit('Begin');
  made.set(text, { files: everyFile(repository.directory), told: undefined });
  return repository;
}

function everyFile(directory: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.map((path) => [relative(directory, path), readFileSync(path)]));
}

/** Makes a folder one of git's, without commits: gitrepository-layout(5). */
export function writeStore(folder: string, configuration: string): void {
  mkdirSync(join(folder, 'refs', 'heads'), { recursive: true });
  mkdirSync(join(folder, 'objects'), { recursive: true });
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(folder, 'config'), configuration);
}

/** A folder that is no repository, gone when the test ends. */
export function temporaryFolder(): string {
  // The real path: git prints that, also where the temporary folder is a link.
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'zerodrop-release-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
