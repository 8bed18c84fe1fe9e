import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../../settings/load.ts';
import { expectedTypes } from '../check.ts';
import { fieldText } from '../recreation.ts';
import { UnreadableSource, googleFields, helmFields } from './provider.ts';

const usage =
  'Usage: node --import tsx cluster/recreating/main.ts --google FOLDER --helm FOLDER, each a source folder of hashicorp/terraform-provider-*, at the version that cluster/snapshots/ asks for.';

/** The version that a source folder's changelog begins with. */
async function versionOf(folder: string): Promise<string> {
  const changelog = await readFile(join(folder, 'CHANGELOG.md'), 'utf8');
  const [, version] = /^## (\d+\.\d+\.\d+)/m.exec(changelog) ?? [];
  if (version === undefined) throw new UnreadableSource(`${folder}/CHANGELOG.md names no version.`);
  return version;
}

await runCommand(async () => {
  const { values } = parseArgs({ options: { google: { type: 'string' }, helm: { type: 'string' } } });
  const { google, helm } = values;
  if (google === undefined || helm === undefined) throw new UnreadableSource(usage);
  const fields: Record<string, string[]> = {};
  for (const type of expectedTypes()) {
    const found = type === 'helm_release' ? await helmFields(helm) : await googleFields(google, type);
    fields[type] = found.map(fieldText);
  }
  const sources = {
    google: `hashicorp/terraform-provider-google ${await versionOf(google)}`,
    helm: `hashicorp/terraform-provider-helm ${await versionOf(helm)}`,
  };
  await writeFile(join(import.meta.dirname, 'fields.json'), `${JSON.stringify({ sources, fields }, null, 2)}\n`);
  const count = Object.values(fields).flat().length;
  process.stdout.write(`cluster/recreating/fields.json: ${count} fields of ${Object.keys(fields).length} types\n`);
  return 0;
}, [UnreadableSource]);
