import { runCommand } from '../settings/command.ts';
import { loadSettings } from '../settings/load.ts';
import { synthesizeCluster } from './synthesize.ts';

await runCommand(async () => {
  const directory = process.cwd();
  const { stacks, changed } = await synthesizeCluster(await loadSettings(directory), directory);
  const what = changed.length === 0 ? 'nothing changed' : `changed ${changed.join(', ')}`;
  process.stdout.write(`synth: ${stacks.join(', ')} in cdktf.out/, ${what}\n`);
  return 0;
});
