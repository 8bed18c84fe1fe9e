import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StackName } from '../../cluster/stack.ts';
import { beforeBootstrap, bringUp } from '../../pipeline/up.ts';
import { resolveGoogle } from '../../settings/google/resolve.ts';

const google = resolveGoogle({ project: 'acme-1', region: 'europe-west4', size: 'demo', name: 'shop' });
const cluster = { google, repository: 'https://github.com/acme/shop', folder: '' };
const bucket = google.stateBucket;
const { PATH } = process.env;

let directory: string;

/**
 * Puts a gcloud and a terraform first on PATH that write down how they are called. gcloud knows the buckets in `buckets`; whatever is called with
 * the words in `broken` fails.
 */
beforeEach(async () => {
  told = '';
  directory = await mkdtemp(path.join(tmpdir(), 'zerodrop-up-'));
  await mkdir(path.join(directory, 'bin'));
  const script = `#!/bin/sh
echo "\${0##*/} $*" >> "${directory}/calls"
if [ -e "${directory}/broken" ]; then case "$*" in *"$(cat "${directory}/broken")"*) echo "it broke" >&2; exit 1 ;; esac; fi
case "$*" in *"buckets list"*) cat "${directory}/buckets" ;; esac
for word in "$@"; do case "$word" in -out=*) printf plan > "\${word#-out=}" ;; esac; done
case "$2" in
  plan) [ -e "${directory}/same" ] || exit 2 ;;
  providers) printf lock > "\${1#-chdir=}/.terraform.lock.hcl" ;;
esac
exit 0
`;
  for (const name of ['gcloud', 'terraform', 'kubectl']) {
    await writeFile(path.join(directory, 'bin', name), script);
    await chmod(path.join(directory, 'bin', name), 0o755);
  }
  await write('buckets', '[]');
  for (const stack of ['bootstrap', 'platform', 'argocd']) await write(`cdktf.out/stacks/${stack}/cdk.tf.json`, '{}');
  process.env['PATH'] = `${path.join(directory, 'bin')}:${PATH ?? ''}`;
});

afterEach(async () => {
  process.env['PATH'] = PATH;
  await rm(directory, { recursive: true });
});

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
  await writeFile(path.join(directory, file), text);
}

/** How the programs were called since the last time, without what is the same in each call. */
async function calls(): Promise<string[]> {
  const file = path.join(directory, 'calls');
  const text = await readFile(file, 'utf8').catch(() => '');
  await rm(file, { force: true });
  return text
    .trim()
    .split('\n')
    .map((line) => line.replace(/ -chdir=\S*\/stacks\/(\w+) (\w+).*/, ' $2 of $1').replace(/ --quiet$/, ''));
}

const yes = async (): Promise<boolean> => true;
const asks = (): Promise<boolean> => Promise.reject(new Error('It asks.'));
let told: string;
const up = (stack: StackName, agree: (question: string) => Promise<boolean> = yes) =>
  bringUp(directory, cluster, stack, { tell: (text) => (told += text), agree });

/** The lines of gcloud before Terraform has a state, as they are typed. */
const { enable, count, create, keep } = Object.fromEntries(
  Object.entries(beforeBootstrap(google)).map(([name, command]) => [name, command.join(' ').replace(/ --quiet$/, '')]),
);
const list = 'gcloud storage buckets list --project=acme-1 --format=json(name,location)';
const applied = (stack: StackName) =>
  ['init', 'plan', 'show', 'init', 'apply'].map((word) => `terraform ${word} of ${stack}`);

test('bootstrap makes the bucket of its own state, and imports it in the plan', async () => {
  await expect(up('bootstrap')).resolves.toBe(
    'Commit cluster/locks/bootstrap.hcl with your next change: it holds the checksums of the providers.\n',
  );

  expect(await calls()).toEqual([
    enable,
    count,
    list,
    create,
    keep,
    ...applied('bootstrap'),
    'terraform providers of bootstrap',
  ]);
  expect(create).toBe(
    `gcloud storage buckets create gs://${bucket} --project=acme-1 --location=europe-west4 --uniform-bucket-level-access --public-access-prevention`,
  );
  expect(await readFile(path.join(directory, 'cluster/locks/bootstrap.hcl'), 'utf8')).toBe('lock');
});

test.each(['set-quota-project', 'buckets list', 'buckets create', 'buckets update', 'init', 'plan', 'apply'])(
  'goes on after it was cut off at %s',
  async (broken) => {
    await write('broken', broken);
    await expect(up('bootstrap')).rejects.toThrow(/it broke|its output is above/);
    const done = await calls();
    await rm(path.join(directory, 'broken'));
    // What the first run made is there for the second.
    if (done.includes(create ?? '') && broken !== 'buckets create')
      await write('buckets', JSON.stringify([{ name: bucket, location: 'EUROPE-WEST4' }]));

    await up('bootstrap');

    const again = await calls();
    expect(again.includes(create ?? '')).toBe(!done.includes(create ?? '') || broken === 'buckets create');
    expect(again).toEqual(expect.arrayContaining([keep, ...applied('bootstrap')]));
  },
);

test('nothing is made before somebody has agreed, and nothing applied before they have seen the plan', async () => {
  await expect(up('bootstrap', async () => false)).resolves.toBeNull();
  expect(await calls()).toEqual(['']);
  for (const command of [enable, count, create, keep]) expect(told).toContain(`  ${command}`);

  const questions: string[] = [];
  const onlyTheFirst = async (question: string) => questions.push(question) === 1;
  await expect(up('bootstrap', onlyTheFirst)).resolves.toBeNull();
  expect(questions).toEqual(['Run these? Type yes: ', 'Apply this plan of bootstrap? Type yes: ']);
  expect((await calls()).slice(-3)).toEqual(['init', 'plan', 'show'].map((word) => `terraform ${word} of bootstrap`));
});

test('a plan without a difference asks nothing', async () => {
  await write('same', '');
  await write('cluster/locks/argocd.hcl', 'lock');
  await expect(up('argocd', asks)).resolves.toBe('');
  expect(await calls()).toEqual(['init', 'plan', 'show'].map((word) => `terraform ${word} of argocd`));
});

test('a bucket of the project in another region is told, and nothing is created', async () => {
  await write('buckets', JSON.stringify([{ name: bucket, location: 'US' }]));

  await expect(up('bootstrap')).rejects.toThrow(
    `The bucket ${bucket} is in US, and google.region is europe-west4. A bucket can't move`,
  );
  expect(await calls()).not.toContain(create);
});

test('a bucket of somebody else is not used, though it may be looked at', async () => {
  await write('broken', 'buckets create');

  await expect(up('bootstrap')).rejects.toThrow('it broke');
  expect((await calls()).some((line) => line.startsWith('terraform'))).toBe(false);
});

test('kubectl reaches the cluster after platform', async () => {
  await up('platform');

  expect((await calls()).slice(-2)).toEqual([
    `gcloud container clusters get-credentials shop --location=${google.location} --project=acme-1 --dns-endpoint`,
    'terraform providers of platform',
  ]);
});
