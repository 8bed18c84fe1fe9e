import { endQuietlyWithoutReader } from 'zerodrop/closed-pipe';
import { run } from './run.ts';

endQuietlyWithoutReader();

const { stdout, stderr, exitCode } = await run(process.argv.slice(2));
process.stderr.write(stderr);
process.stdout.write(stdout);
process.exitCode = exitCode;
