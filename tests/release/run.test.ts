import { expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../../release/run.ts';
import { imageRepository, projectWith } from '../settings/sample.ts';
import { renderedRepository, type Repository, temporaryFolder } from './repository.ts';

function asked({ directory, git }: Repository, image = `${imageRepository}:1.2.3@sha256:${'0'.repeat(64)}`): string[] {
  return [
    '--directory',
    directory,
    '--environment',
    'staging',
    '--image',
    image,
    '--source',
    git('rev-list', '--max-parents=0', 'HEAD'),
  ];
}

test('commits, and prints the commit in one line; then there is nothing to do', async () => {
  const repository = renderedRepository();
  expect(await run(asked(repository))).toEqual({
    exitCode: 0,
    stdout: `${repository.git('log', '-1', '--format=%h %s')}\n`,
    stderr: '',
  });
  expect(repository.git('log', '-1', '--format=%s')).toBe('Release web 1.2.3 to staging');
  const again = await run(asked(repository));
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Nothing to commit: staging has /) });
});

test('exits 1 where the guard refuses, and commits what it is allowed', async () => {
  const unchecked = { because: 'a test', maxUnavailable: 1 };
  const repository = renderedRepository(projectWith({ in: { staging: { unchecked } } }));
  const before = repository.state();
  const refused = await run(asked(repository));
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toMatch(/--allow max-unavailable --because "\.\.\."\.\nRefused: nothing is written\.\n$/);
  expect(repository.state()).toBe(before);
  const allowed = await run([...asked(repository), '--allow', 'max-unavailable', '--because', 'a test']);
  expect(allowed).toMatchObject({
    exitCode: 0,
    stderr: 'Allowed max-unavailable: manifests/staging/web/web.yaml: Deployment web-staging/web\n',
  });
});

test('exits 2 for wrong use and wrong settings', async () => {
  const repository = renderedRepository();
  const before = repository.state();
  const image = await run(asked(repository, 'web:1.2.3'));
  expect(image).toMatchObject({ exitCode: 2, stdout: '' });
  expect(image.stderr).toMatch(/^release: --image is "web:1\.2\.3", which names no digest.*\n$/);
  expect(await run(['--help'])).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringContaining('npm run release -- '),
  });
  expect(repository.state()).toBe(before);
  repository.write('settings.ts', 'export const settings = {};\n');
  const wrong = await run(asked(repository));
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('settings.ts: ') });
});

test('exits 3 outside of a repository, and without git', async () => {
  const repository = renderedRepository();
  const outside = await run(asked({ ...repository, directory: temporaryFolder() }));
  expect(outside).toMatchObject({ exitCode: 3, stdout: '' });
  expect(outside.stderr).toMatch(/^release: Git finds no clone with a working tree in .+\n$/);
  const whole = asked(repository);
  vi.stubEnv('PATH', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await run(whole)).toEqual({
    exitCode: 3,
    stdout: '',
    stderr: 'release: git is not installed, or not on PATH. Fix that, and run this again.\n',
  });
});

test.each([
  ['promot', 'There is no command "promot". Did you mean promote? The commands are publish, promote, '],
  ['constructor', 'There is no command "constructor". The commands are '],
])('exits 2 for the unknown command %s', async (name, sentence) => {
  expect(await run([name])).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(sentence) });
});

test('lists the environments where none is named', async () => {
  const { directory } = renderedRepository();
  const names = 'is missing, expected an environment of settings.ts: staging, production.';
  for (const args of [[], ['publish'], ['verify'], ['rollback']]) {
    expect((await run([...args, '--directory', directory])).stderr).toContain(`--environment ${names}`);
  }
});
