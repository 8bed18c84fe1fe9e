import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSettings } from '../../settings/load.ts';

const define = pathToFileURL(join(import.meta.dirname, '../../settings/define.ts')).href;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'settings-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function source(region: string): string {
  return `import { defineSettings } from '${define}';
export const settings = defineSettings({
  repository: 'https://github.com/example/zerodrop',
  services: [{ name: 'web', image: 'example.com/web' }],
  environments: [{ name: 'production' }],
  clusters: [{ name: 'main', google: { project: 'example-project', region: '${region}' } }],
});`;
}

async function settings(text: string): ReturnType<typeof loadSettings> {
  await writeFile(join(directory, 'settings.ts'), text);
  return loadSettings(directory);
}

test('reads the settings of a working copy', async () => {
  await expect(settings(source('europe-west1'))).resolves.toMatchObject({
    clusters: [{ google: { region: 'europe-west1' } }],
  });
});

test('reads them again once they have changed', async () => {
  await settings(source('europe-west1'));
  await expect(settings(source('europe-west4'))).resolves.toMatchObject({
    clusters: [{ google: { region: 'europe-west4' } }],
  });
});

test('says which setting is wrong', async () => {
  await expect(settings(source('mars'))).rejects.toThrow(
    /^settings\.ts: clusters\.main\.google\.region is 'mars', expected/,
  );
});

test('checks settings that went past defineSettings', async () => {
  await expect(settings('export const settings = { services: [] };')).rejects.toThrow(/services has no entry/);
});

test('says what to export where nothing is', async () => {
  await expect(settings('export const other = 1;')).rejects.toThrow(
    /exports no settings\. Write: export const settings/,
  );
});

test('names the file that is missing or broken', async () => {
  await expect(loadSettings(directory)).rejects.toThrow(`settings.ts: can't be run in ${directory}: ENOENT`);
  await expect(settings('export const settings = {')).rejects.toMatchObject({ name: 'SettingsError' });
});
