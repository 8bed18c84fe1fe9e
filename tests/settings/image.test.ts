import { describe, expect, test } from 'vitest';
import { parsePin } from '../../apps/pins.ts';
import { parseImageReference } from '../../release/outcome.ts';
import { defineSettings } from '../../settings/define.ts';
import { isTag, readImage, repositoryFault } from '../../settings/image.ts';
import { settings } from './sample.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

const right = [
  'web',
  'library/web',
  'docker.io/library/web',
  'localhost/web',
  'localhost:5000/web',
  '127.0.0.1:5000/my__web',
  'asia-southeast2-docker.pkg.dev/example-project/zerodrop/web',
  'Registry.Example.COM/web',
  'xn--n3h.com/web',
  'host.example/a.b/a_b/a__b/a-b/a---b/1',
  '[2001:db8::1]/web',
  '[2001:db8::1]:5000/web',
  `host.example/${'a'.repeat(242)}`,
];

const wrong: readonly [string, string][] = [
  ['', 'which is empty.'],
  ['host.example/a..b', "but 'a..b' may have only lower case letters and digits, with one '.',"],
  ['host.example/a._b', "but 'a._b' may have only"],
  ['host.example/a-_b', "but 'a-_b' may have only"],
  ['host.example/a___b', "but 'a___b' may have only"],
  ['host.example/.a', "but '.a' may have only"],
  ['host.example/a-', "but 'a-' may have only"],
  ['host.example/ü', "but 'ü' may have only"],
  ['host.example/a//b', "but it has nothing before, after or between its '/'."],
  ['host.example/', 'but it has nothing before, after'],
  ['/web', 'but it has nothing before, after'],
  ['host.example/Web', "but 'Web' has upper case letters"],
  ['Web/app', "but 'Web' has upper case letters"],
  ['web team/app', 'which has a space in it.'],
  ['https://host.example/web', 'but the name of an image has no scheme such as https://.'],
  ['host.example:0/web', "but '0' is not a port."],
  ['host.example:65536/web', "but '65536' is not a port."],
  ['host.example:http/web', "but 'http' is not a port."],
  ['host.example:/web', "but '' is not a port."],
  ['host.example:1:2/web', "but 'host.example:1:2' is not a host with a port."],
  ['-host.example/web', "but '-host.example' is not a host."],
  ['host..example/web', "but 'host..example' is not a host."],
  ['my_host.example/web', "but 'my_host.example' is not a host."],
  ['2001:db8::1/web', "but '2001:db8::1' is not a host with a port. Write an IPv6 address in brackets"],
  ['[2001:db8::1/web', "but '[2001:db8::1' is not a host with a port."],
  ['[fe80::1%eth0]:5000/web', "but '[fe80::1%eth0]' is not an IPv6 address."],
  ['[::ffff:10.0.0.1]/web', "but '[::ffff:10.0.0.1]' is not an IPv6 address."],
  ['[]/web', "but '[]' is not an IPv6 address."],
  ['0a'.repeat(32), 'but 64 hex digits are the id of an image and not a name.'],
  [`host.example/${'a'.repeat(243)}`, 'which has 256 characters, but an image repository has at most 255.'],
];

function said(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return String(error);
  }
}

/** What each of the commands says of a repository: null where it takes it. */
function verdicts(repository: string): Readonly<Record<string, string | null>> {
  const reference = `${repository}:v1@${digest}`;
  return {
    pin: said(() => parsePin(JSON.stringify({ image: reference, source: 'b2'.repeat(20) }), 'p.json')),
    release: said(() => parseImageReference(reference)),
  };
}

describe('a repository', () => {
  test.each(right)('is taken everywhere: %s', (repository) => {
    expect(repositoryFault(repository)).toBeNull();
    expect(verdicts(repository)).toEqual({ pin: null, release: null });
  });

  test.each(wrong)('is refused everywhere, in the same words: %s', (repository, words) => {
    expect(repositoryFault(repository)).toContain(words);
    const sentence: unknown = expect.stringContaining(words);
    expect(said(() => defineSettings({ ...settings, services: [{ name: 'web', image: repository }] }))).toEqual(
      sentence,
    );
    expect(verdicts(repository)).toEqual({ pin: sentence, release: sentence });
  });
});

describe('a reference', () => {
  test.each([
    ['127.0.0.1:5000/web', 'v1'],
    ['[2001:db8::1]:5000/web', 'test.example.com'],
    ['web', '_2026-03-01_Nightly.7'],
    ['web', 'a'.repeat(128)],
  ])('is taken apart: %s:%s', (repository, tag) => {
    expect(readImage(`${repository}:${tag}@${digest}`)).toEqual({ repository, tag, digest });
  });

  test.each([
    ['web:v1', 'which names no digest, and a tag alone may mean another image tomorrow.'],
    ['', 'which names no digest'],
    [`web@${digest}`, 'which names no tag to tell people what it is.'],
    [`host.example:5000/web@${digest}`, 'which names no tag'],
    [`web:@${digest}`, "but '' is not a tag"],
    [`web:1.0.0+b@${digest}`, "but a tag can't have a '+'. Write it with a '-': 1.0.0-b."],
    [`web:.1@${digest}`, "but '.1' is not a tag: 1 to 128 letters"],
    [`web:-1@${digest}`, "but '-1' is not a tag"],
    [`web:a b@${digest}`, "but 'a b' is not a tag"],
    [`web:${'a'.repeat(129)}@${digest}`, 'is not a tag'],
    [`web:v1:v2@${digest}`, "but 'v1:v2' is not a tag"],
    [`:v1@${digest}`, 'which is empty.'],
    ['web:v1@', 'and its digest is not sha256: and 64 lower case hex digits.'],
    ['web:v1@sha256:00', 'and its digest is not'],
    [`web:v1@${digest.toUpperCase()}`, 'and its digest is not'],
    [`web:v1@${digest} `, 'and its digest is not'],
    [`web:v1@${digest}@${digest}`, 'and its digest is not'],
    [`web:v1@sha512:${'0a'.repeat(64)}`, 'and its digest is not'],
  ])('is refused with a reason: %s', (text, words) => {
    expect(readImage(text)).toContain(words);
  });
});

test.each([
  ['1.0.0', true],
  ['1.0.0+b', false],
  ['', false],
])('says whether %s can be a tag', (text, expected) => {
  expect(isTag(text)).toBe(expected);
});
