import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatPin, parsePin, pinPath, readPins } from '../../apps/pins.ts';

const image = `europe-docker.pkg.dev/example-project/zerodrop/web:v1.2.3@sha256:${'a1'.repeat(32)}`;
const pin = { image, source: 'b2'.repeat(20) };

async function copyWith(texts: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'pins-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [environment, text] of Object.entries(texts)) {
    await mkdir(join(directory, 'apps/images', environment), { recursive: true });
    await writeFile(join(directory, pinPath(`${environment}/web`)), text);
  }
  return directory;
}

test('keeps a pin outside the rendered folders', () => {
  expect(pinPath('production/web')).toBe('apps/images/production/web.json');
});

test('reads back what it writes', async () => {
  const directory = await copyWith({ production: formatPin(pin) });
  await expect(readPins(directory, ['production/web'])).resolves.toEqual(new Map([['production/web', pin]]));
});

test('has no pin for an environment without a release', async () => {
  const directory = await copyWith({ staging: formatPin(pin) });
  const pins = await readPins(directory, ['staging/web', 'production/web']);
  expect([...pins.keys()]).toEqual(['staging/web']);
});

test('ignores the pin of an environment that is none', async () => {
  const directory = await copyWith({ old: 'not a pin' });
  await expect(readPins(directory, ['production/web'])).resolves.toEqual(new Map());
});

test('refuses an image that is not pinned, in the words of the grammar', () => {
  expect(() => parsePin(JSON.stringify({ ...pin, image: 'web:latest' }), 'p.json')).toThrow(
    "p.json: image is 'web:latest', which names no digest, and a tag alone may mean another image tomorrow.",
  );
  expect(() => parsePin(JSON.stringify({ ...pin, image: 3 }), 'p.json')).toThrow(
    'p.json: image is 3. Expected name:tag',
  );
});

test('refuses a source that is no commit, and what is not part of a pin', () => {
  expect(() => parsePin(JSON.stringify({ image, source: 'main', by: 'me' }), 'p.json')).toThrow(
    "p.json: source is 'main'. Expected the 40 hex digits of a commit.\np.json: by is not part of a pin.",
  );
});

test('refuses what is no pin at all', () => {
  expect(() => parsePin('', 'p.json')).toThrow('p.json is not JSON. Restore it from git, or release again.');
  expect(() => parsePin('null', 'p.json')).toThrow('p.json is not an object with image and source.');
  expect(() => parsePin('{}', 'p.json')).toThrow('p.json: image is missing. Expected');
});

test('names a pin that cannot be read', async () => {
  const directory = await copyWith({});
  await mkdir(join(directory, pinPath('production/web')), { recursive: true });
  await expect(readPins(directory, ['production/web'])).rejects.toThrow(
    "apps/images/production/web.json can't be read (EISDIR)",
  );
});

test('takes a link for no pin, wherever it leads', async () => {
  const directory = await copyWith({ staging: formatPin(pin) });
  await mkdir(join(directory, 'apps/images/production'));
  await symlink('../staging/web.json', join(directory, pinPath('production/web')));
  await expect(readPins(directory, ['production/web'])).rejects.toThrow(
    'apps/images/production/web.json is a symbolic link. Restore it from git.',
  );
});
