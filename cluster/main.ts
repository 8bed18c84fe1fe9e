import { runCommand } from '../settings/command.ts';
import { loadSettings } from '../settings/load.ts';
import { footprint, sayFootprint } from './footprint.ts';
import { synthesizeCluster } from './synthesize.ts';

await runCommand(async () => {
  const directory = process.cwd();
  const settings = await loadSettings(directory);
  const { stacks, changed } = await synthesizeCluster(settings, directory);
  const what = changed.length === 0 ? 'nothing changed' : `changed ${changed.join(', ')}`;
  process.stdout.write(`synth: ${stacks.join(', ')} in cdktf.out/ (${sayFootprint(footprint(settings))}), ${what}\n`);
  return 0;
});
