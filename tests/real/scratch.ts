import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run, type Surroundings } from 'zerodrop/rehearse';
import { type Scratch } from 'zerodrop/tests/rehearse/parts.ts';
import type { Settings } from '../../settings/settings.ts';

/** Writes these settings into a scratch clone, without a release of this environment, renders and commits. */
export async function settle(
  scratch: Scratch,
  clone: Surroundings,
  settings: Settings,
  environment: string,
): Promise<void> {
  const source = `import { defineSettings } from './settings/define.ts';\nexport const settings = defineSettings(${JSON.stringify(settings, null, 2)});\n`;
  await writeFile(path.join(scratch.directory, 'settings.ts'), source);
  await rm(path.join(scratch.directory, 'apps', 'images', `${environment}.json`), { force: true });
  await script(clone, 'apps/main.ts');
  await scratch.commit('Take the settings of the lab');
}

/** Commits a release by the clone's own program. */
export async function release(
  clone: Surroundings,
  environment: string,
  image: string,
  sourceCommit: string,
): Promise<void> {
  await script(clone, 'release/main.ts', '--environment', environment, '--image', image, '--source', sourceCommit);
}

async function script(clone: Surroundings, file: string, ...args: readonly string[]): Promise<void> {
  await run(clone, process.execPath, '--conditions=zerodrop-source', '--import', 'tsx', file, ...args);
}
