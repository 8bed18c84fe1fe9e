import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatPin, readPins } from '../../apps/pins.ts';
import type { Project } from '../../apps/project.ts';
import { render } from '../../apps/render.ts';
import type { Outcome } from '../../release/outcome.ts';
import { release } from '../../release/release.ts';
import { imageRepository, project, projectWith } from '../settings/sample.ts';
import { renderedRepository, type Repository } from './repository.ts';

const image = (tag: string) => ({ repository: imageRepository, tag, digest: `sha256:${'0'.repeat(64)}` });

async function released(
  { directory, git }: Repository,
  tag: string,
  { owned = project, allow = [] }: { readonly owned?: Project; readonly allow?: readonly 'max-unavailable'[] } = {},
): Promise<Outcome> {
  const source = git('rev-parse', 'HEAD');
  const allowance = allow.length === 0 ? null : { rules: allow, because: 'a test' };
  return release({ directory, environment: 'staging', image: image(tag), source, allowance }, owned);
}

test('makes one commit, of the pin and what is rendered from it', async () => {
  const repository = renderedRepository();
  const source = repository.head();
  const outcome = await released(repository, '1.2.3');
  expect(outcome).toMatchObject({
    kind: 'committed',
    commit: { subject: 'Release web 1.2.3 to staging' },
    allowed: [],
  });
  expect(repository.git('log', '--format=%s')).toBe('Release web 1.2.3 to staging\nBegin');
  expect(repository.git('show', '--format=', '--name-status')).toBe(
    'A\tapps/images/staging/web.json\nM\tmanifests/staging/web/web.yaml',
  );
  expect(repository.git('status', '--porcelain')).toBe('');

  const pin = { image: `${imageRepository}:1.2.3@sha256:${'0'.repeat(64)}`, source };
  const read = (path: string): string => readFileSync(join(repository.directory, path), 'utf8');
  expect(read('apps/images/staging/web.json')).toBe(formatPin(pin));
  for (const [path, text] of render(project, new Map([['staging/web', pin]]))) expect(read(path)).toBe(text);
});

test('ties the commit to its source for programs', async () => {
  const repository = renderedRepository();
  const source = repository.head();
  await released(repository, '1.2.3');
  const trailer = (key: string): string =>
    repository.git('log', '-1', `--format=%(trailers:key=${key},valueonly)`).trim();
  expect(trailer('Source-Commit')).toBe(source);
  expect(trailer('Image')).toBe(`${imageRepository}:1.2.3@sha256:${'0'.repeat(64)}`);
  expect(trailer('Environment')).toBe('staging');
  expect(trailer('Argocd-reference-commit-sha')).toBe(source);
  expect(trailer('Argocd-reference-commit-subject')).toBe('Begin');
  expect(trailer('Guard-Allowed')).toBe('');
});

test('makes no commit of what is there already', async () => {
  const { directory, git, state } = renderedRepository();
  const request = {
    directory,
    environment: 'staging',
    image: image('1.2.3'),
    source: git('rev-parse', 'HEAD'),
    allowance: null,
  };
  await release(request, project);
  const before = state();
  expect(await release(request, project)).toEqual({
    kind: 'unchanged',
    environment: 'staging',
    image: `${imageRepository}:1.2.3@sha256:${'0'.repeat(64)}`,
  });
  expect(state()).toBe(before);
});

test('is rolled back by git revert, to the very bytes', async () => {
  const repository = renderedRepository();
  await released(repository, '1.2.3');
  const tree = repository.git('rev-parse', 'HEAD^{tree}');
  await released(repository, '1.2.4');
  expect(repository.git('log', '-1', '--format=%b')).toMatch(
    /^Replaces 1\.2\.3\. Reverting this commit brings it back\./,
  );
  repository.git('revert', '--no-edit', 'HEAD');
  expect(repository.git('rev-parse', 'HEAD^{tree}')).toBe(tree);
  expect((await readPins(repository.directory, ['staging/web'])).get('staging/web')?.image).toContain(':1.2.3@');
});

const risky = projectWith({ in: { staging: { unchecked: { because: 'a test', maxUnavailable: 1 } } } });

test('writes nothing where the guard refuses', async () => {
  const repository = renderedRepository(risky);
  const before = repository.state();
  const outcome = await released(repository, '1.2.3', { owned: risky });
  expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ rule: 'max-unavailable' }] });
  expect(repository.state()).toBe(before);
});

test('keeps what it was allowed in the commit', async () => {
  const repository = renderedRepository(risky);
  const outcome = await released(repository, '1.2.3', { owned: risky, allow: ['max-unavailable'] });
  expect(outcome).toMatchObject({ kind: 'committed', allowed: [{ rule: 'max-unavailable' }] });
  expect(repository.git('log', '-1', '--format=%(trailers:key=Guard-Allowed)').trim()).toBe(
    'Guard-Allowed: max-unavailable: a test',
  );
});

test('writes nothing into a working copy with changes', async () => {
  const repository = renderedRepository();
  repository.write('apps/new.ts', '');
  const before = repository.state();
  await expect(released(repository, '1.2.3')).rejects.toThrow(
    'has changes that are not committed: apps/new.ts. A release needs',
  );
  expect(repository.state()).toBe(before);
});

test('writes nothing where rendering fails', async () => {
  const repository = renderedRepository();
  const before = repository.state();
  const owned = projectWith({ unchecked: { because: 'a typing error', maxSurge: 0 } });
  await expect(released(repository, '1.2.3', { owned })).rejects.toThrow('in staging, maxSurge');
  expect(repository.state()).toBe(before);
});

test('writes nothing where the commit fails', async () => {
  const repository = renderedRepository();
  repository.hook('pre-commit', 'exit 1');
  const before = repository.state();
  await expect(released(repository, '1.2.3')).rejects.toThrow('Nothing is committed, and every file is as it was');
  expect(repository.state()).toBe(before);
});
