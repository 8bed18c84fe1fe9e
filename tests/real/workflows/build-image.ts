import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What is built of a clone. */
interface Build {
  /** The clone, with its packages. */
  readonly context: string;
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly tag: string;
  /** For what is made on the way. */
  readonly folder: string;
}

/**
 * Builds an image and pushes it; returns its digest. Of the Dockerfile it builds the last stage, around a bundle that the clone's own
 * packages make: the first one asks npm's registry. .ci/lab-release builds the whole of it.
 */
export function buildAndPush({ context, dockerfile, args, tag, folder }: Build): string {
  const run = (program: string, ...words: readonly string[]): void => {
    execFileSync(program, words, { cwd: context, stdio: ['ignore', 'inherit', 'inherit'] });
  };
  const { VERSION: version = '', REVISION: revision = '' } = args;
  const bundle = ['--version', version, '--revision', revision, '--out', path.join(folder, 'service.cjs')];
  run(process.execPath, '--import', 'tsx', 'service/build.ts', ...bundle);
  const stages = readFileSync(path.join(context, dockerfile), 'utf8').split(/^(?=FROM )/m);
  // The lab has the base images by their tags alone.
  const last = (stages.at(-1) ?? '').replace(/^COPY --from=.*$/m, 'COPY service.cjs service.cjs');
  writeFileSync(path.join(folder, 'Dockerfile'), last.replaceAll(/@sha256:[0-9a-f]{64}/g, ''));
  const given = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  run('buildah', 'build', '--quiet', ...given, '--tag', tag, folder);
  const digest = path.join(folder, 'digest');
  try {
    run('buildah', 'push', '--quiet', '--tls-verify=false', '--digestfile', digest, tag);
  } finally {
    run('buildah', 'rmi', tag);
  }
  return readFileSync(digest, 'utf8').trim();
}
