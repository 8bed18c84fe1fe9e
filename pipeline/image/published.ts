import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from 'zerodrop/errors';
import { type Files, filesAt } from 'zerodrop/files';
import { git } from 'zerodrop/git';
import { type Build, buildOf } from '../../settings/build.ts';
import { isTag } from '../../settings/image.ts';
import { loadSettings } from '../../settings/load.ts';
import {
  type Ended,
  ended,
  readArguments,
  required,
  requiredCommit,
  requiredService,
  stepOutputs,
} from '../command.ts';
import { makeDifferentImages } from './ingredients.ts';

// An index is what buildx pushes with provenance; the others, so that a registry never has to convert.
const manifests = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * The digest that a tag stands for in its registry, null where there is no such tag (OCI distribution, "Checking if
 * content exists"). Throws {@link OperationError} where the registry does not say.
 *
 * @param image the repository with its host; one on this machine is asked without TLS, as docker does
 * @param token an access token of the registry's cloud
 */
export async function publishedDigest(image: string, tag: string, token: string): Promise<string | null> {
  const slash = image.indexOf('/');
  const host = image.slice(0, slash);
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(host) ? 'http' : 'https';
  const url = `${scheme}://${host}/v2/${image.slice(slash + 1)}/manifests/${tag}`;
  const response = await ask(url, token);
  if (response.status === 404) return null;
  const digest = response.headers.get('docker-content-digest');
  if (response.ok && digest !== null) return digest;
  const what = response.ok ? 'without a digest' : `with ${response.status}`;
  throw new OperationError(
    `${url} answers ${what}. Check that the image repository exists, and that this identity may read it.`,
  );
}

async function ask(url: string, token: string): Promise<Response> {
  try {
    return await fetch(url, { method: 'HEAD', headers: { accept: manifests, authorization: `Bearer ${token}` } });
  } catch (cause) {
    throw new OperationError(
      `${url} can't be reached. Run the job again, or correct the registry's host in settings.ts.`,
      {
        cause,
      },
    );
  }
}

/**
 * The tag, and the version that the service tells: the package's version and the commit, 1.4.0-3f2a9c81d04b. Whoever sees
 * one of them finds the other, and the same commit never has two.
 */
export function imageTag(packageVersion: string, source: string): string {
  const tag = `${packageVersion.replaceAll('+', '-')}-${source.slice(0, 12)}`;
  if (!isTag(tag))
    throw new Error(`${JSON.stringify(tag)} is not a valid tag of an image. Correct "version" in package.json.`);
  return tag;
}

/** The version of the package that is built; that of the repository where the context has none. */
async function versionOf(context: string): Promise<string> {
  const text = await readFile(join(context, 'package.json'), 'utf8').catch(() => readFile('package.json', 'utf8'));
  const { version }: { version: string } = JSON.parse(text);
  return version;
}

/**
 * `image --service NAME --source COMMIT`: name and tag of a commit's image, its digest where the registry has it already, and what a
 * builder needs.
 */
export async function imageCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { service: { type: 'string' }, source: { type: 'string' } });
  const source = requiredCommit('--source', values.source);
  const service = requiredService(values.service, await loadSettings('.'));
  const token = required('The variable REGISTRY_TOKEN', process.env['REGISTRY_TOKEN']);
  const { context, dockerfile } = buildOf(service);
  const tag = imageTag(await versionOf(context), source);
  const digest = (await publishedDigest(service.image, tag, token)) ?? '';
  const [registry = ''] = service.image.split('/');
  return ended(stepOutputs({ name: service.image, tag, digest, registry, context, dockerfile }));
}

/**
 * The source of an image that is built from HEAD: the newest commit on its line that changed what the image is made of. A release, a
 * rollback, a document or a tool's update on top is no newer source; taken for one, it would release what was rolled back. Null where
 * no commit has any of it yet. Throws {@link OperationError} where the history is not there.
 */
export async function imageSource(directory: string, build: Build): Promise<string | null> {
  // The oldest commit of a shallow clone seems to have made every file.
  if ((await git(directory, 'rev-parse', '--is-shallow-repository')) === 'true') {
    throw new OperationError(
      'This clone is shallow, so it does not show which commit changed the service last. Set fetch-depth: 0 in actions/checkout.',
    );
  }
  const paths = build.paths.map((path) => `:(top,literal)${path}`);
  const log = ['log', '--first-parent', '--no-show-signature', '--format=%H %P'];
  const touching = (await git(directory, ...log, 'HEAD', '--', ...paths)).split('\n').filter((line) => line !== '');
  for (const line of touching) {
    const [commit = '', parent] = line.split(' ');
    if (parent === undefined || (await changesImage(directory, parent, commit, build))) return commit;
  }
  return null;
}

async function changesImage(directory: string, before: string, after: string, build: Build): Promise<boolean> {
  const [one, other] = await Promise.all([before, after].map((commit) => filesAt(directory, commit, ...build.paths)));
  return makeDifferentImages(textsOf(one), textsOf(other), build);
}

/** Files by path, with git's name in place of what is no text: it differs where the file does. */
function textsOf(files: Files = new Map()): ReadonlyMap<string, string> {
  return new Map([...files].map(([path, content]) => [path, typeof content === 'string' ? content : content.object]));
}
