import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ProcessOptions, run } from 'zerodrop/rehearse';

/** The images of the pods that are played, as registry references with digests. */
export interface Images {
  readonly v1: string;
  readonly v2: string;
  /** A version that never gets ready. */
  readonly bad: string;
  /** A program that ends at once. */
  readonly report: string;
  /** A tag without a digest that is v1, until it is moved to v2. */
  readonly moving: string;
  moveTag(): Promise<void>;
}

const dockerfile = `FROM node:24-trixie-slim
COPY pod.cjs /pod.cjs
USER 65532
ENTRYPOINT ["node", "/pod.cjs"]
`;

/** Builds the images by buildah and pushes them to the registry. */
export async function buildImages(folder: string, registry: string, signal: AbortSignal): Promise<Images> {
  const where: ProcessOptions = { directory: folder, environment: process.env, signal };
  await copyFile(path.join(import.meta.dirname, 'pod.cjs'), path.join(folder, 'pod.cjs'));
  const repository = `${registry}/guard-played`;
  const digestFile = path.join(folder, 'digest');
  const push = async (from: string, to: string): Promise<string> => {
    await run(where, 'buildah', 'push', '--tls-verify=false', '--digestfile', digestFile, from, `docker://${to}`);
    return `${to}@${await readFile(digestFile, 'utf8')}`;
  };
  const build = async (version: string, more = ''): Promise<string> => {
    const file = path.join(folder, `Dockerfile.${version}`);
    await writeFile(file, `${dockerfile}ENV VERSION=${version}\n${more}`);
    const tag = `${repository}:${version}`;
    await run(where, 'buildah', 'build', '--layers', '--file', file, '--tag', tag, '.');
    return push(tag, tag);
  };
  const moving = `${repository}:moving`;
  const v1 = await build('v1');
  const v2 = await build('v2');
  await push(`${repository}:v1`, moving);
  return {
    v1,
    v2,
    bad: await build('bad', 'ENV NEVER_READY=1\n'),
    report: await build('report', 'ENTRYPOINT ["true"]\n'),
    moving,
    moveTag: async () => void (await push(`${repository}:v2`, moving)),
  };
}
