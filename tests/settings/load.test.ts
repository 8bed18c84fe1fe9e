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

function source(replicas: number): string {
  return `import { defineSettings } from '${define}';
export const settings = defineSettings({
  service: 'web',
  repository: 'https://github.com/example/zerodrop',
  image: 'example.com/web',
  environments: { production: { namespace: 'web', replicas: ${replicas}, exposure: 'node-port' } },
  google: { project: 'example-project', region: 'europe-west1' },
});`;
}

async function settings(text: string): ReturnType<typeof loadSettings> {
  await writeFile(join(directory, 'settings.ts'), text);
  return loadSettings(directory);
}

test('reads the settings of a working copy', async () => {
  await expect(settings(source(4))).resolves.toMatchObject({ environments: { production: { replicas: 4 } } });
});

test('reads them again once they have changed', async () => {
  await settings(source(4));
  await expect(settings(source(5))).resolves.toMatchObject({ environments: { production: { replicas: 5 } } });
});

test('says which setting is wrong', async () => {
  await expect(settings(source(1))).rejects.toThrow(/^settings\.ts: environments\.production\.replicas is 1, but/);
});

test('checks settings that went past defineSettings', async () => {
  await expect(settings("export const settings = { service: 'Web' };")).rejects.toThrow(/service is 'Web', expected/);
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
