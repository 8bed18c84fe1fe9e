import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatPin, pinPath, type TargetPath } from '../../apps/pins.ts';
import { signerOf } from '../../cluster/identities.ts';
import { signatures, signerFrom } from '../../pipeline/signatures.ts';
import { emptyRepository, type Repository } from '../release/repository.ts';

let bin: string;
const { PATH } = process.env;
const by = signerOf('https://github.com/example/zerodrop');

/** Puts a program called cosign first on PATH: it writes down how it is called, and ends as the image's repository is called. */
beforeEach(async () => {
  bin = await mkdtemp(path.join(tmpdir(), 'zerodrop-cosign-'));
  const script = `#!/bin/sh
printf '%s\\n' "$*" >> "${bin}/calls"
for image in "$@"; do :; done
code=$(expr "$image" : '.*/ends-\\([0-9]*\\)@' || true)
echo "Some words of cosign's" >&2
echo "Error: what cosign says of $image" >&2
exit "\${code:-0}"
`;
  await writeFile(path.join(bin, 'cosign'), script);
  await chmod(path.join(bin, 'cosign'), 0o755);
  process.env['PATH'] = `${bin}:${PATH ?? ''}`;
});

afterEach(async () => {
  process.env['PATH'] = PATH;
  await rm(bin, { recursive: true });
});

async function calls(): Promise<string[]> {
  const text = await readFile(path.join(bin, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** Pins an image for which the stand-in of cosign ends with this code. */
function pin(repository: Repository, target: TargetPath, code: number, digit = '1'): void {
  const image = `registry.example.com:5000/ends-${code}:1.0.0@${digest(digit)}`;
  repository.write(pinPath(target), formatPin({ image, source: digit.repeat(40) }));
}

/** What is said of a change between two commits. */
function judge(repository: Repository, base: string): ReturnType<typeof signatures> {
  return signatures(repository.directory, base, repository.head(), by);
}

test('each image that a change pins is asked for by its digest, and with the identity of the workflow that signs', async () => {
  const repository = emptyRepository();
  pin(repository, 'staging/web', 0);
  repository.commit('before');
  const base = repository.head();
  pin(repository, 'staging/web', 0, '2');
  pin(repository, 'production/api', 0, '3');
  repository.write('apps/services/web.ts', 'changed');
  repository.commit('change');

  const { stdout, problems } = await judge(repository, base);

  const asked = (digit: string): string =>
    `verify --certificate-identity ${by.subject} --certificate-oidc-issuer ${by.issuer} registry.example.com:5000/ends-0@${digest(digit)}`;
  expect(await calls()).toEqual([asked('3'), asked('2')]);
  expect(problems).toEqual([]);
  expect(stdout.split('\n')[0]).toBe(
    `apps/images/production/api.json: registry.example.com:5000/ends-0@${digest('3')} is signed by ${by.subject}.`,
  );
});

test.each([
  [10, 'has no signature'],
  [11, 'is not in the registry'],
  [12, 'has no signature of this workflow'],
  [13, 'has a signature without a certificate'],
])('an image of which cosign ends with %i is refused: it %s', async (code, words) => {
  const repository = emptyRepository();
  repository.commit('before');
  const base = repository.head();
  pin(repository, 'production/web', code);
  repository.commit('change');

  expect((await judge(repository, base)).problems).toEqual([
    `apps/images/production/web.json: registry.example.com:5000/ends-${code}@${digest('1')} ${words}, expected one by ${by.subject}. Pin an image that the workflow release has built on main.`,
  ]);
});

test('where a registry does not answer, nobody says yes or no, and an image without a signature is told all the same', async () => {
  const repository = emptyRepository();
  repository.commit('before');
  const base = repository.head();
  pin(repository, 'production/web', 1);
  repository.commit('change');

  const open =
    /^apps\/images\/production\/web\.json: cosign could not find out who has signed \S+: Error: what cosign says of \S+\nIf the registry refuses to answer, apply /;
  await expect(judge(repository, base)).rejects.toThrow(open);

  pin(repository, 'staging/web', 10);
  repository.commit('more');
  const { problems } = await judge(repository, base);
  expect(problems).toHaveLength(3);
  expect(problems[0]).toContain('has no signature');
});

test('without cosign the sentence names it', async () => {
  const repository = emptyRepository();
  repository.commit('before');
  const base = repository.head();
  pin(repository, 'production/web', 0);
  repository.commit('change');
  await chmod(path.join(bin, 'cosign'), 0o644);
  process.env['PATH'] = `${bin}:/usr/bin:/bin`;

  await expect(judge(repository, base)).rejects.toThrow('cosign ');
});

test('what main had before, what goes and what is no pin is not asked for', async () => {
  const repository = emptyRepository();
  pin(repository, 'staging/web', 10);
  pin(repository, 'production/web', 10);
  repository.commit('one');
  pin(repository, 'staging/web', 10, '2');
  repository.commit('two');
  const base = repository.head();
  pin(repository, 'staging/web', 10);
  repository.git('rm', '--quiet', 'apps/images/production/web.json');
  repository.write('apps/images/README.md', 'text');
  repository.commit('back');

  expect(await judge(repository, base)).toEqual({
    stdout: 'This change pins no image that main never had.\n',
    problems: [],
  });
  expect(await calls()).toEqual([]);
});

test('a pin that nobody can read is refused, and so is a link', async () => {
  const repository = emptyRepository();
  repository.commit('before');
  const base = repository.head();
  repository.write('apps/images/staging/web.json', '{"image": "web:latest"}');
  repository.write('elsewhere', 'x');
  repository.git('add', '--all');
  repository.git(
    'update-index',
    '--add',
    '--cacheinfo',
    `120000,${repository.git('hash-object', '-w', 'elsewhere')},apps/images/staging/api.json`,
  );
  repository.git('commit', '--quiet', '--message', 'change');

  const { problems } = await judge(repository, base);
  expect(problems).toEqual([
    'apps/images/staging/api.json is not a regular file. Restore it from git.',
    expect.stringContaining("apps/images/staging/web.json: image is 'web:latest', which names no digest"),
  ]);
});

test('the signer is the workflow of the repository that runs this, and without one of the settings', () => {
  const running = { GITHUB_SERVER_URL: 'https://github.example.com', GITHUB_REPOSITORY: 'acme/shop' };
  expect(signerFrom('git@github.com:example/zerodrop.git', running).subject).toBe(
    'https://github.example.com/acme/shop/.github/workflows/release-service.yaml@refs/heads/main',
  );
  expect(signerFrom('git@github.com:example/zerodrop.git', {})).toEqual(by);
  expect(() => signerFrom('https://user:secret@git.example.com/a/b', {})).toThrow(
    'The repository https://git.example.com/a/b is not at GitHub',
  );
});
