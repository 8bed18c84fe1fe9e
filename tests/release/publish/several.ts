import { text } from 'node:stream/consumers';
import { publish, type PublishRequest } from '../../../release/publish/publish.ts';
import { type Clock, machineClock } from '../../../release/publish/race.ts';
import { renderOneHere } from '../render-here.ts';

// Publishes from one clone, all at once, what standard input asks for, and prints how each ended. Where twenty attempts share a
// machine, each takes as much longer.
const patient: Clock = {
  ...machineClock,
  pause: (milliseconds, signal) => machineClock.pause(4 * milliseconds, signal),
};
const { signal } = new AbortController();

const { directory, requests } = JSON.parse(await text(process.stdin)) as {
  readonly directory: string;
  readonly requests: readonly PublishRequest[];
};
const bounds = { withinMs: 120_000, callMs: 60_000 };
const surroundings = {
  directory,
  remote: 'origin',
  ...bounds,
  clock: patient,
  dateMs: Date.now,
  render: renderOneHere,
  signal,
};
const ended = await Promise.all(requests.map((request) => publish(request, surroundings)));
process.stdout.write(JSON.stringify(ended));
