import { runCommand } from '../settings/load.ts';
import { run } from './run.ts';

await runCommand(() => run(process.argv.slice(2)));
