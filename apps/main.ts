import { runCommand } from '../settings/command.ts';
import { PinError } from './pins.ts';
import { renderFiles } from './render-files.ts';

await runCommand(async () => {
  process.stdout.write(await renderFiles(process.cwd(), process.argv.slice(2)));
  return 0;
}, [PinError]);
