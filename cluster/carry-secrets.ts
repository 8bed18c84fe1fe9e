import { runCommand } from '../settings/command.ts';
import { loadSettings } from '../settings/load.ts';
import { carryAll, CarryError } from './carry.ts';

await runCommand(async () => {
  const settings = await loadSettings(process.cwd());
  try {
    await carryAll(settings, (line) => process.stdout.write(line));
    return 0;
  } catch (error) {
    if (!(error instanceof CarryError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
});
