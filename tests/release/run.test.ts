import { expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../../release/run.ts';
import { imageRepository } from '../settings/sample.ts';
import { renderedRepository, type Repository, temporaryFolder } from './repository.ts';

function asked({ directory, git }: Repository, image = `${imageRepository}:1.2.3@sha256:${'0'.repeat(64)}`): string[] {
  return [
    'publish',
    '--no-push',
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
  repository.commit('Empty the settings');
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
  ['--environment', 'There is no command "--environment".'],
  ['promot', 'There is no command "promot". Did you mean promote? The commands are publish, promote, '],
  ['constructor', 'There is no command "constructor". The commands are '],
])('exits 2 for the unknown command %s', async (name, sentence) => {
  expect(await run([name])).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(sentence) });
});

test('lists the environments where none is named', async () => {
  const { directory } = renderedRepository();
  const names = 'is missing, expected an environment of settings.ts: staging, production.';
  for (const args of [['publish'], ['verify'], ['rollback']]) {
    expect((await run([...args, '--directory', directory])).stderr).toContain(`--environment ${names}`);
  }
});
