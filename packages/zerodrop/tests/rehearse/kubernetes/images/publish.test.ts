import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  buildAndPush,
  buildArguments,
  digestOfPush,
  findBuilder,
  isLoopback,
} from '../../../../src/rehearse/kubernetes/build.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const image = { version: 'v1', revision: 'b'.repeat(40), startupMs: 1_500 };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zerodrop-test-'));
  await mkdir(path.join(folder, 'bin'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Puts a program on a PATH that has nothing else but the shell; it writes down what it was asked. */
async function install(name: string, script: string): Promise<void> {
  const file = path.join(folder, 'bin', name);
  await writeFile(file, `#!/bin/sh\necho "$@" >> ${folder}/asked\n${script}\n`);
  await chmod(file, 0o755);
}

function where() {
  const environment = { PATH: path.join(folder, 'bin') };
  return { directory: folder, environment, say: () => undefined, signal: new AbortController().signal };
}

test('a docker without its daemon is passed over', async () => {
  await install('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
  await install('buildah', 'echo buildah version 1.28');

  expect(await findBuilder(where())).toBe('buildah');
});

test('where nothing can build, each reason and the way out are told', async () => {
  await install('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');

  await expect(findBuilder(where())).rejects.toThrow(
    /docker version failed: Cannot connect to the Docker daemon; podman is not installed; buildah is .*--images REF,REF/,
  );
});

test('an image is built with its version, pushed, pinned by the digest of the push, and not kept here', async () => {
  await install('docker', `[ "$1" = push ] && echo "v1-k3f9ab: digest: ${digest} size: 1234"; exit 0`);
  const images = {
    builder: 'docker',
    where: where(),
    repository: 'localhost:5001/web',
    suffix: 'k3f9ab',
    folder,
  } as const;

  expect(await buildAndPush(images, image)).toBe(`localhost:5001/web:v1-k3f9ab@${digest}`);
  const asked = (await readFile(path.join(folder, 'asked'), 'utf8')).trim().split('\n');
  expect(asked.map((line) => line.split(' ')[0])).toEqual(['build', 'push', 'image']);
});

test('where a registry has no build of that digest, the image is built from the tag, and that is said', async () => {
  await writeFile(path.join(folder, 'Dockerfile'), `FROM node:24@${digest} AS build\nRUN true\n`);
  await install(
    'buildah',
    `[ "$1 $2 $3" = "build --layers --build-arg" ] && { echo "node@${digest}: manifest unknown" >&2; exit 125; }
[ "$1" = push ] && echo ${digest} > "$3"; exit 0`,
  );
  const said: string[] = [];
  const images = {
    builder: 'buildah',
    where: { ...where(), say: (what: string) => void said.push(what) },
    repository: '127.0.0.1:5000/web',
    suffix: 'k3f9ab',
    folder: path.join(folder, 'bin'),
  } as const;

  expect(await buildAndPush(images, image)).toBe(`127.0.0.1:5000/web:v1-k3f9ab@${digest}`);
  expect(await readFile(path.join(folder, 'bin/Dockerfile'), 'utf8')).toBe('FROM node:24 AS build\nRUN true\n');
  expect(said).toEqual([`buildah finds no node:24@${digest}: the rehearsal builds from the tag instead`]);
});

test('a build that fails for another reason is not tried again', async () => {
  await writeFile(path.join(folder, 'Dockerfile'), `FROM node:24@${digest}\nRUN false\n`);
  await install('buildah', 'echo "RUN false failed" >&2; exit 1');
  const images = {
    builder: 'buildah',
    where: where(),
    repository: '127.0.0.1:5000/web',
    suffix: 'k3f9ab',
    folder,
  } as const;

  await expect(buildAndPush(images, image)).rejects.toThrow('RUN false failed');
  expect((await readFile(path.join(folder, 'asked'), 'utf8')).trim().split('\n')).toHaveLength(1);
});

test('a registry that is away, and one that says no digest, are told with what to do', async () => {
  const images = {
    builder: 'docker',
    where: where(),
    repository: 'localhost:5001/web',
    suffix: 'k3f9ab',
    folder,
  } as const;
  await install('docker', '[ "$1" = push ] && { echo "connection refused" >&2; exit 1; }; exit 0');
  await expect(buildAndPush(images, image)).rejects.toThrow(
    /localhost:5001\/web:v1-k3f9ab can't be pushed\. Is the registry up.*connection refused/,
  );

  await install('docker', 'exit 0');
  await expect(buildAndPush(images, image)).rejects.toThrow(/said no digest, so it can't be pinned/);
});

test('what is baked in goes along as build arguments', () => {
  expect(buildArguments('docker', 'web:v1', image).join(' ')).toBe(
    `build --build-arg VERSION=v1 --build-arg REVISION=${image.revision} --build-arg FAULTS={"startupDelayMs":1500} --tag web:v1 .`,
  );
  expect(buildArguments('buildah', 'web:v1', image)).toContain('--layers');
});

test.each([
  ['127.0.0.1:5000/web', true],
  ['localhost/web', true],
  ['localhost.example/web', false],
  ['europe-docker.pkg.dev/p/r/web', false],
])('%s is on this machine: %s', (reference, loopback) => {
  expect(isLoopback(reference)).toBe(loopback);
});

test('of several digests the last is that of the push', () => {
  expect(digestOfPush(`layer sha256:${'b'.repeat(64)}\nv1: digest: ${digest} size: 1`)).toBe(digest);
  expect(digestOfPush('pushed')).toBeNull();
});
