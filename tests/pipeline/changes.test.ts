import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentsSince } from '../../pipeline/changes.ts';

const environments = ['staging', 'production'];
let directory: string;

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', directory, ...identity, ...args], { encoding: 'utf8' }).trim();
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-since-'));
  git('init', '--quiet', '--initial-branch=main');
  git('commit', '--quiet', '--allow-empty', '--message=First');
  await mkdir(path.join(directory, 'manifests/production/web'), { recursive: true });
  await writeFile(path.join(directory, 'manifests/production/web/web.yaml'), 'kind: Deployment\n');
  git('add', '.');
  git('commit', '--quiet', '--message=Second');
  git('commit', '--quiet', '--allow-empty', '--message=Third');
});

afterAll(() => rm(directory, { recursive: true }));

test('a push of several commits has changed what any of them has', async () => {
  expect(await environmentsSince(directory, git('rev-parse', 'HEAD~2'), environments)).toEqual(['production']);
});

test('a push that changes no manifest changes no environment', async () => {
  expect(await environmentsSince(directory, git('rev-parse', 'HEAD~1'), environments)).toEqual([]);
});

test('an environment whose name only begins like another one is not the other', async () => {
  expect(await environmentsSince(directory, git('rev-parse', 'HEAD~2'), ['prod', 'staging'])).toEqual([]);
});

test('every environment counts as changed where the commit before is not there', async () => {
  expect(await environmentsSince(directory, '0'.repeat(40), environments)).toEqual(environments);
});
