import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OperationError, UsageError } from 'zerodrop/errors';
import { emptyCluster } from 'zerodrop/tests/rollout/kubernetes/empty-cluster.ts';
import { verifyCommand } from '../../../release/commands/verify.ts';
import { publishHere } from '../../../release/publish/publish.ts';
import { request, surroundings } from '../remote.ts';
import { renderedRepository, type Repository, temporaryFolder } from '../repository.ts';

const { signal } = new AbortController();

function verify(repository: Repository, ...args: readonly string[]): ReturnType<typeof verifyCommand> {
  const environment = args.some((arg) => arg.startsWith('--environment')) ? [] : ['--environment', 'staging'];
  return verifyCommand([...environment, '--directory', repository.directory, ...args], signal);
}

async function released(): Promise<Repository> {
  const repository = renderedRepository();
  await publishHere(request('1.2.3', repository.head()), surroundings(repository));
  return repository;
}

test('has nothing to verify before the first release', async () => {
  const repository = renderedRepository();
  const head = repository.git('rev-parse', '--short=7', 'HEAD');
  expect(await verify(repository)).toEqual({
    stdout: `staging has no release at ${head}: nothing to verify.\n`,
    stderr: '',
    exitCode: 0,
  });
});

test('says where a rollout stands when the time is over, and exits 1', async () => {
  const repository = await released();
  await emptyCluster();
  const { stdout, stderr, exitCode } = await verify(repository, '--context', 'test', '--within-seconds', '0.2');
  expect([stdout, exitCode]).toEqual(['', 1]);
  expect(stderr).toMatch(/^1\.2\.3 \([0-9a-f]{7}\) is not rolled out to staging\. Argo CD has no Application for it\./);
  expect(stderr).toContain('Not rolled back. settings.ts does not set autoRollback for staging');
});

test('ends in a sentence where the cluster can not be asked', async () => {
  const repository = await released();
  const before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = join(temporaryFolder(), 'none');
  onTestFinished(() => {
    if (before === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = before;
  });
  const verified = verify(repository);
  await expect(verified).rejects.toThrow(OperationError);
  await expect(verified).rejects.toThrow("The kubeconfig can't be read");
});

test.each([
  [['--environment', 'test'], '--environment is "test", but settings.ts has staging, production.'],
  [['--environment', ''], '--environment is empty. See npm run release -- verify --help.'],
  [['--commit', 'f'.repeat(40)], 'which is no commit here, nor on main at origin.'],
  [['--image', 'x'], "Unknown option '--image'"],
])('refuses %j', async (args, sentence) => {
  const verified = verify(renderedRepository(), ...args);
  await expect(verified).rejects.toThrow(UsageError);
  await expect(verified).rejects.toThrow(sentence);
});

test('refuses a time that is none', async () => {
  await expect(verify(await released(), '--within-seconds', 'soon')).rejects.toThrow(
    '--within-seconds is "soon", expected a number of seconds.',
  );
});
