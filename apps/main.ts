import { runCommand } from '../settings/load.ts';
import { PinError } from './pins.ts';
import { renderTarget } from './write.ts';

await runCommand(async () => {
  const args = process.argv.slice(2);
  if (args.some((arg) => arg.startsWith('--environment') || arg.startsWith('--service'))) {
    process.stdout.write(await renderTarget(process.cwd(), args));
  } else {
    // Only here: what makes the stacks takes longer to load than a release takes to render.
    const { synthesize } = await import('./synthesize.ts');
    await synthesize(process.cwd(), args, (text) => process.stdout.write(text));
  }
  return 0;
}, [PinError]);
