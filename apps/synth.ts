import { UsageError } from 'zerodrop/guard';
import { readOptions } from 'zerodrop/options';
import { OutputError } from '../cluster/empty-output.ts';
import { footprint, sayFootprint } from '../cluster/footprint.ts';
import { prepareCluster } from '../cluster/synthesize.ts';
import { runCommand } from '../settings/command.ts';
import { loadProject } from './load.ts';
import { PinError, readPins } from './pins.ts';
import { render } from './render.ts';
import { changedWords, writeRendered } from './write.ts';

const usage = `npm run synth

Renders what settings.ts and apps/ say: manifests/ and argocd/ for Argo CD, and Terraform's JSON for the cluster in cdktf.out/, with a
snapshot of it in cluster/snapshots/. Checks all of it first, and writes nothing where a part is wrong. It takes no options.

Exit: 0 rendered, 2 settings, a pin or apps/ are wrong, 3 a Terraform state is in the way.
`;

const options = { help: { type: 'boolean', short: 'h', default: false } } as const;

await runCommand(async () => {
  if (readOptions(process.argv.slice(2), options, { help: 'npm run synth -- --help', words: 0 }).values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const directory = process.cwd();
  const project = await loadProject(directory);
  const environments = project.settings.environments.map(({ name }) => name);
  const pins = await readPins(directory, environments);
  // CDKTF takes a stack trace for each reference; mapping those to TypeScript costs a tenth of the time and 30 MB.
  process.setSourceMapsEnabled(false);
  try {
    const rendered = render(project, pins);
    const writeCluster = await prepareCluster(project, directory);
    const written = await writeRendered(directory, rendered);
    const unreleased = environments.filter((name) => !pins.has(name));
    process.stdout.write(
      `synth: ${written.files} files rendered, ${changedWords(written.changed)}\n${unreleasedWords(unreleased)}`,
    );
    const { stacks, changed } = await writeCluster();
    const size = sayFootprint(footprint(project));
    process.stdout.write(`synth: ${stacks.join(', ')} in cdktf.out/ (${size}), ${changedWords(changed)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 3;
  } finally {
    process.setSourceMapsEnabled(true);
  }
}, [PinError, UsageError]);

/** Why a change of replicas, for example, changes no file yet. */
function unreleasedWords(environments: readonly string[]): string {
  if (environments.length === 0) return '';
  return `synth: no release yet for ${environments.join(', ')}: the Deployment, with replicas and all that is in it, comes with the first\n`;
}
