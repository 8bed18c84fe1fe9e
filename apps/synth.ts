import { UsageError } from 'zerodrop/errors';
import { OutputError } from '../cluster/empty-output.ts';
import { runCommand } from '../settings/command.ts';
import { PinError } from './pins.ts';
import { synthesize } from './synthesize.ts';

await runCommand(async () => {
  try {
    await synthesize(process.cwd(), process.argv.slice(2), (text) => process.stdout.write(text));
    return 0;
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 3;
  }
}, [PinError, UsageError]);
