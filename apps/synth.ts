import { runCommand } from '../settings/command.ts';
import { PinError } from './pins.ts';
import { synthesize } from './synthesize.ts';

await runCommand(async () => {
  await synthesize(process.cwd(), process.argv.slice(2), (text) => process.stdout.write(text));
  return 0;
}, [PinError]);
