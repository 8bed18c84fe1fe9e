import { prepareCluster, sayFootprint } from '../cluster/synthesize.ts';
import { codeOwners } from '../github/code-owners.ts';
import { readPins } from './pins.ts';
import { loadProject, pathsOf, requireBuilds } from './project.ts';
import { render } from './render.ts';
import { changedWords, writeRendered } from './write.ts';

/**
 * Renders what the settings and apps/ of a working copy say, and tells what there is to say of it. Throws SettingsError, PinError or OperationError with a sentence, and has written nothing then.
 */
export async function synthesize(directory: string, tell: (text: string) => void): Promise<void> {
  const project = await loadProject(directory);
  await requireBuilds(directory, project.settings.services);
  const pins = await readPins(directory, pathsOf(project));
  const rendered = new Map([...render(project, pins), ...codeOwners(project.settings)]);
  const writeCluster = await prepareCluster(project, directory);
  const written = await writeRendered(directory, rendered);
  const unreleased = project.targets.filter(({ path }) => !pins.has(path)).map(({ name }) => name);
  tell(`synth: ${written.files} files rendered, ${changedWords(written.changed)}\n${unreleasedWords(unreleased)}`);
  const { clusters, changed } = await writeCluster();
  const places = clusters.map(
    ({ stacks, outdir, size }) => `${stacks.join(', ')} in ${outdir} (${sayFootprint(size)})`,
  );
  tell(`synth: ${places.join(', ')}, ${changedWords(changed)}\n`);
}

/** Why a change of replicas, for example, changes no file yet. */
function unreleasedWords(targets: readonly string[]): string {
  if (targets.length === 0) return '';
  return `synth: no release yet for ${targets.join(', ')}: the Deployment, with replicas and all that is in it, comes with the first\n`;
}
