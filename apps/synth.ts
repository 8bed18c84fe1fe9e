import { UsageError } from 'zerodrop/guard';
import { OutputError } from '../cluster/empty-output.ts';
import { runCommand } from '../settings/command.ts';
import { PinError } from './pins.ts';
import { synthesize } from './synthesize.ts';

await runCommand(async () => {
  // CDKTF takes a stack trace for each reference; mapping those to TypeScript costs a tenth of the time and 30 MB.
  process.setSourceMapsEnabled(false);
  try {
    await synthesize(process.cwd(), process.argv.slice(2), (text) => process.stdout.write(text));
    return 0;
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 3;
  } finally {
    process.setSourceMapsEnabled(true);
  }
}, [PinError, UsageError]);
