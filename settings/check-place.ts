import { resolveGoogle } from './google/resolve.ts';
import type { Settings } from './settings.ts';

const artifactRegistry = '-docker.pkg.dev';

/** What is wrong between settings that are right one by one: an image that the cluster's nodes may not pull. */
export function* placeProblems({ image, google }: Settings): Generator<string> {
  const [host = '', project] = image.split('/');
  if (!host.endsWith(artifactRegistry) || project === google.project) return;
  const { name, region } = resolveGoogle(google);
  yield `image is '${image}', which is not in project ${google.project}, so its nodes may not pull it. Begin it with ${region}${artifactRegistry}/${google.project}/${name}/, or change google.project.`;
}
