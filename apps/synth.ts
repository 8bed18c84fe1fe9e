import { runCommand } from '../settings/command.ts';
import { loadSettings } from '../settings/load.ts';
import { OutputError } from './empty-output.ts';
import { footprint, sayFootprint } from './footprint.ts';
import { synthesizeCluster } from './synthesize.ts';

await runCommand(async () => {
  const directory = process.cwd();
  const settings = await loadSettings(directory);
  // CDKTF takes a stack trace for each reference; mapping those to TypeScript costs a tenth of the time and 30 MB.
  process.setSourceMapsEnabled(false);
  try {
    const { stacks, changed } = await synthesizeCluster(settings, directory);
    const what = changed.length === 0 ? 'nothing changed' : `changed ${changed.join(', ')}`;
    const size = sayFootprint(footprint(settings));
    process.stdout.write(`synth: ${stacks.join(', ')} in cdktf.out/ (${size}), ${what}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    process.setSourceMapsEnabled(true);
  }
});
