import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(resolve(root, name), 'utf8');

/** The instructions, with continued lines joined and comments gone. */
const instructions = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '');
const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));

test('starts from two bases of one Node.js and one Debian, by tag and digest', () => {
  const [builder = '', runtime = '', ...more] = instructions.filter((line) => line.startsWith('FROM '));
  const [, builderNode, codename] = /^FROM node:(\d+)-(\w+)-slim@sha256:[0-9a-f]{64} AS build$/.exec(builder) ?? [];
  const [, runtimeNode, number] =
    /^FROM gcr\.io\/distroless\/nodejs(\d+)-debian(\d+):nonroot@sha256:[0-9a-f]{64}$/.exec(runtime) ?? [];
  const debian = new Map([
    ['12', 'bookworm'],
    ['13', 'trixie'],
    ['14', 'forky'],
  ]);

  expect(more).toEqual([]);
  expect(runtimeNode).toBe(builderNode);
  expect(debian.get(number ?? '')).toBe(codename);
});

test('installs what the lockfile says, and only what the bundle needs', () => {
  expect(instructions).toContain('RUN npm ci --omit=dev --ignore-scripts');
  expect(instructions.findIndex((line) => line.startsWith('RUN npm ci'))).toBeLessThan(
    instructions.indexOf('COPY service service'),
  );
});

test('takes nothing but the bundle over, and runs nothing in the last stage', () => {
  expect(lastStage.filter((line) => /^(COPY|ADD|RUN) /.test(line))).toEqual([
    'COPY --from=build /build/service.cjs service.cjs',
  ]);
});

test('makes Node.js process 1, without a shell, as a user that is not root', () => {
  expect(lastStage.filter((line) => /^(ENTRYPOINT|CMD) /.test(line))).toEqual([
    'ENTRYPOINT ["/nodejs/bin/node", "service.cjs"]',
  ]);
  expect(lastStage).toContain('USER 65532:65532');
});

test('labels the image with its source, revision and version', () => {
  const labels = lastStage.find((line) => line.startsWith('LABEL ')) ?? '';
  expect(labels).toContain('org.opencontainers.image.source="$SOURCE"');
  expect(labels).toContain('org.opencontainers.image.revision="$REVISION"');
  expect(labels).toContain('org.opencontainers.image.version="$VERSION"');
  for (const name of ['SOURCE', 'REVISION', 'VERSION']) {
    expect(lastStage.some((line) => new RegExp(`^ARG ${name}(=|$)`).test(line))).toBe(true);
  }
});

test('sends only what the build copies to the builder', () => {
  const [everything, ...kept] = read('.dockerignore').trim().split('\n');
  const copied = instructions
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(everything).toBe('*');
  expect(kept.map((line) => line.slice(1)).toSorted()).toEqual(copied.toSorted());
});
