import { expect, test } from 'vitest';
import { imageTag, publishedDigest } from '../../../pipeline/image/published.ts';
import { answering } from '../answering.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test('the digest of a published tag is asked for as an index, with the token', async () => {
  const asked: unknown[] = [];
  await answering(
    ({ method, url, headers }, response) => {
      asked.push(method, url, headers.authorization, headers.accept?.split(', ')[0]);
      response.setHeader('docker-content-digest', digest).end();
    },
    async (host) => {
      expect(await publishedDigest(`${host}/project/zerodrop/web`, '1.0.0-abc', 'secret')).toBe(digest);
    },
  );

  expect(asked).toEqual([
    'HEAD',
    '/v2/project/zerodrop/web/manifests/1.0.0-abc',
    'Bearer secret',
    'application/vnd.oci.image.index.v1+json',
  ]);
});

test('a tag that is not there has no digest', async () => {
  await answering(
    (_, response) => response.writeHead(404).end(),
    async (host) => expect(await publishedDigest(`${host}/p/web`, 'x', 't')).toBeNull(),
  );
});

test('a registry that refuses is not one without the tag: nothing may be built over what could be there', async () => {
  await answering(
    (_, response) => response.writeHead(403).end(),
    async (host) => {
      await expect(publishedDigest(`${host}/p/web`, 'x', 't')).rejects.toThrow('manifests/x answers with 403');
    },
  );
});

test('a registry out of reach is named', async () => {
  await expect(publishedDigest('127.0.0.1:1/p/web', 'x', 't')).rejects.toThrow(
    "http://127.0.0.1:1/v2/p/web/manifests/x can't be reached",
  );
});

const source = '3f2a9c81d04be5176c0a8b9f2d3e4a5b6c7d8e9f';

test('a tag tells version and commit', () => {
  expect(imageTag('1.4.0', source)).toBe('1.4.0-3f2a9c81d04b');
});

test("a version's build metadata is written with a sign that a tag may have", () => {
  expect(imageTag('1.4.0+build.7', source)).toBe('1.4.0-build.7-3f2a9c81d04b');
});

test('a version that makes no tag is refused', () => {
  expect(() => imageTag('1.4.0 beta', source)).toThrow('Correct "version" in package.json.');
});
