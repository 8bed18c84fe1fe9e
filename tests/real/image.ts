import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run, type ProcessOptions } from 'zerodrop/rehearse';
import { basesByTag, digestOfPush } from 'zerodrop/tests/rehearse/parts.ts';
import { imageTag } from '../../pipeline/image/published.ts';

/**
 * What the job `build` of release-service.yaml does, by buildah, without signatures and from the lab's own base images. Returns the pinned
 * reference.
 */
export async function buildImage(
  where: ProcessOptions,
  repository: string,
  source: string,
  faults: object,
): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(where.directory, 'package.json'), 'utf8'));
  const tag = imageTag(String(version), source);
  const tagged = `${repository}:${tag}`;
  const baked = { VERSION: tag, REVISION: source, FAULTS: JSON.stringify(faults) };
  const args = Object.entries(baked).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const dockerfile = path.join(path.dirname(where.directory), 'Dockerfile');
  await writeFile(dockerfile, basesByTag(await readFile(path.join(where.directory, 'Dockerfile'), 'utf8')));
  await run(where, 'buildah', 'build', '--layers', '--file', dockerfile, ...args, '--tag', tagged, '.');
  const digestFile = path.join(path.dirname(where.directory), 'digest');
  try {
    await run(where, 'buildah', 'push', '--tls-verify=false', '--digestfile', digestFile, tagged);
  } finally {
    await run(where, 'buildah', 'rmi', tagged).catch(() => undefined);
  }
  return `${tagged}@${digestOfPush(await readFile(digestFile, 'utf8')) ?? ''}`;
}
