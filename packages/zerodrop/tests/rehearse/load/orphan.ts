import { startLoad } from '../../../src/rehearse/load/load.ts';
import { echo } from '../../../src/rehearse/load/request.ts';

/** A program that starts a load, says its process id, and is then killed by the test. */
const url = process.argv[2] ?? '';
const load = await startLoad({ url, request: echo, rate: 100, onSamples: () => undefined });
process.stdout.write(`${load.pid}\n`);
