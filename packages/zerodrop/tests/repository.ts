import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory that is removed when the test is over. */
export function scratch(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'zerodrop-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes files below a directory. */
export function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** A repository whose branch `main` has these files. */
export function repository(files: Readonly<Record<string, string>>): {
  readonly directory: string;
  git(...args: readonly string[]): string;
  commit(message: string, changed: Readonly<Record<string, string>>): void;
} {
  const directory = scratch();
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', directory, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      env,
      encoding: 'utf8',
    });
  const commit = (message: string, changed: Readonly<Record<string, string>>): void => {
    write(directory, changed);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', message);
  };
  git('init', '--quiet', '--initial-branch=main');
  commit('Begin', files);
  return { directory, git, commit };
}
