import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeSeen, makeTinyRepository, openEmbeddedCluster } from 'zerodrop/tests/rehearse/parts.ts';
import { containersOf, type Files, mapObjects, objectsOf } from './manifest.ts';
import { type Observation, underLoad } from './observation.ts';
import { embeddedLagMs, type Play } from './play.ts';

/** How long requests are sent after the last rollout. */
const tailMs = 12_000;

/** Plays one example on the embedded cluster: the state before, its change, and a release after that. */
export async function playEmbedded(
  play: Play,
  before: Files,
  changed: Files,
  signal: AbortSignal,
): Promise<Observation> {
  const repository = makeTinyRepository();
  const seen = makeSeen(120_000);
  const pod = await readFile(path.join(import.meta.dirname, 'pod.cjs'), 'utf8');
  const target = await openEmbeddedCluster({
    directory: repository.directory,
    remote: repository.remote,
    applications: 'argocd',
    application: 'tiny-staging',
    image: 'registry.example/web',
    workDirectory: repository.folder,
    endpointLagMs: embeddedLagMs,
    build: async ({ version }, out) => writeFile(out, `process.env.VERSION = '${version}';\n${pod}`),
    validate: () => [],
    observe: seen.observe,
  });
  const rollOut = async (files: Files, version: string): Promise<void> => {
    signal.throwIfAborted();
    const image = await target.publish({ version, revision: 'a'.repeat(40), startupMs: 0 });
    repository.write('manifests/staging/web.yaml', ...objectsOf(placed(files, image)));
    repository.push();
    await (version === 'v1' ? target.follow() : target.refresh());
    await seen.until('deployment', (state) => state.image === image && state.settled);
  };
  try {
    await rollOut(before, 'v1');
    return await underLoad(await target.url(), play.rate ?? 50, 'v3', async () => {
      await rollOut(changed, 'v2');
      await rollOut(changed, 'v3');
      await pause(tailMs, undefined, { signal });
    });
  } finally {
    await target.close();
    repository.dispose();
  }
}

/** The same objects in the namespace of the embedded cluster's Application, with an image that it has. */
function placed(files: Files, image: string): Files {
  return mapObjects(files, (object) => {
    object.metadata.namespace = 'tiny-staging';
    for (const container of containersOf(object)) {
      container.image = image;
      if (container.readinessProbe !== undefined) container.readinessProbe['periodSeconds'] ??= 1;
    }
    return object;
  });
}
