import { readFile } from 'node:fs/promises';
import { loadSettings } from '../../settings/load.ts';
import { firstOf } from '../../settings/settings.ts';
import { ended, type Ended } from '../ended.ts';
import { publishedDigest } from '../image/published.ts';
import { imageTag } from '../image/tag.ts';
import { stepOutputs } from '../step-outputs.ts';
import { readArguments, required, requiredCommit } from './arguments.ts';

/** `image --source COMMIT`: name and tag of a commit's image, and its digest where the registry has it already. */
export async function imageCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { source: { type: 'string' } });
  const source = requiredCommit('--source', values.source);
  const token = required('The variable REGISTRY_TOKEN', process.env['REGISTRY_TOKEN']);
  const { image } = firstOf((await loadSettings('.')).services);
  const { version }: { version: string } = JSON.parse(await readFile('package.json', 'utf8'));
  const tag = imageTag(version, source);
  const digest = (await publishedDigest(image, tag, token)) ?? '';
  return ended(stepOutputs({ name: image, tag, digest }));
}
