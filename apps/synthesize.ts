import { readOptions } from 'zerodrop/options';
import { prepareCluster, sayFootprint } from '../cluster/synthesize.ts';
import { loadProject } from './load.ts';
import { readPins } from './pins.ts';
import { pathsOf } from './project.ts';
import { render } from './render.ts';
import { changedWords, writeRendered } from './write.ts';

const usage = `npm run synth

Renders what settings.ts and apps/ say: manifests/ and argocd/ for Argo CD, and Terraform's JSON for the cluster in cdktf.out/, with a
snapshot of it in cluster/snapshots/. Checks all of it first, and writes nothing where a part is wrong. It takes no options.

Exit: 0 rendered, 2 settings, a pin or apps/ are wrong, 3 a Terraform state is in the way.
`;

const options = { help: { type: 'boolean', short: 'h', default: false } } as const;

/**
 * Renders what the settings and apps/ of a working copy say, and tells what there is to say of it. Throws UsageError, SettingsError,
 * RenderError, PinError or OperationError with a sentence, and has written nothing then.
 */
export async function synthesize(
  directory: string,
  args: readonly string[],
  tell: (text: string) => void,
): Promise<void> {
  if (readOptions(args, options, { help: 'npm run synth -- --help', words: 0 }).values.help) return tell(usage);
  const project = await loadProject(directory);
  const pins = await readPins(directory, pathsOf(project));
  const rendered = render(project, pins);
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
