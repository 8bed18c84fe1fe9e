import { startLoad } from '../../../src/rehearse/load/load.ts';
import { echo } from '../../../src/rehearse/load/request.ts';
import { keptConnections } from '../../../src/rehearse/load/schedule.ts';

const kept = keptConnections(100, 3, 5_000);

/** A program that starts a load, says its process id, and is then killed by the test. */
const url = process.argv[2] ?? '';
const load = await startLoad({ url, request: echo, kept, rate: 100, onSamples: () => undefined });
process.stdout.write(`${load.pid}\n`);
