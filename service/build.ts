import { build } from './bundle.ts';

// Without a reader it ends like every other command here (zerodrop/command); an image is built from this folder alone.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exitCode = 141;
});

const { stdout, stderr, exitCode } = await build(process.argv.slice(2));
process.exitCode = exitCode;
process.stderr.write(stderr);
process.stdout.write(stdout);
