import { runCommand } from '../settings/command.ts';
import { run } from './run.ts';

await runCommand(() => run(process.argv.slice(2)));
