import { runCommand } from '../settings/load.ts';
import { PinError } from './pins.ts';
import { readSynthOptions, renderTarget, synthUsage } from './write.ts';

await runCommand(async () => {
  const args = process.argv.slice(2);
  const { environment, service, help } = readSynthOptions(args);
  if (help) process.stdout.write(synthUsage);
  else if (environment !== undefined || service !== undefined) {
    process.stdout.write(await renderTarget(process.cwd(), args));
  } else {
    // Only here: what makes the stacks takes longer to load than a release takes to render.
    const { synthesize } = await import('./synthesize.ts');
    await synthesize(process.cwd(), (text) => process.stdout.write(text));
  }
  return 0;
}, [PinError]);
