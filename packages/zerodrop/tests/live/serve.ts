import { serveLive } from '../../src/live/server.ts';
import { makeLive } from '../../src/live/state.ts';
import { makeWatch } from '../../src/rollout/watch.ts';

// Serves a page about a rollout in the middle, on the port that is named, until this process is told to end by a line on its stdin.

const [port = '0'] = process.argv.slice(2);
const startedAt = Date.now() - 20_000;
const live = makeLive('web of staging', startedAt);
const watch = makeWatch(new AbortController().signal);
const pod = (name: string, replicaSet: string, state: 'ready' | 'starting' | 'terminating') => ({
  name: `web-with-a-rather-long-name-${replicaSet}-${name}`,
  replicaSet,
  image: `registry.example.com/web:1.2.${replicaSet}`,
  state,
});
watch.see({ kind: 'pods', pods: [pod('a', '3', 'ready'), pod('b', '3', 'ready')], at: startedAt });
const moment = { oldReady: 0, newReady: 0, starting: 0, ending: 0 };
const picture = [
  { ...moment, atMs: 0, oldReady: 2, starting: 1 },
  { ...moment, atMs: 10_000, oldReady: 1, newReady: 1, ending: 1 },
  { ...moment, atMs: 60_000, newReady: 2 },
];
live.rolling({ name: 'release', to: '1.2.4', picture }, watch);
const old = [pod('a', '3', 'ready'), pod('b', '3', 'ready')];
watch.see({ kind: 'pods', pods: [...old, pod('c', '4', 'starting')], at: startedAt + 1_000 });
watch.see({
  kind: 'pods',
  pods: [pod('a', '3', 'terminating'), pod('b', '3', 'ready'), pod('c', '4', 'ready')],
  at: startedAt + 9_000,
});
const samples = Array.from({ length: 200 }, (_, index) => ({
  kind: 'keep-alive' as const,
  dueAt: startedAt + 100 * index,
  sentAt: startedAt + 100 * index,
  endedAt: startedAt + 100 * index + (index % 30),
  version: null,
  pod: null,
  port: 1,
  failure: index === 150 ? 'ECONNRESET' : null,
}));
live.follow(samples, 0);
live.step('release: pushed');
const page = await serveLive(Number(port), (now) => live.state(now));
process.stdout.write(`${page.url}\n`);
process.stdin.once('data', () => {
  live.verdict('failed', 'failed: 1 of 200 requests lost');
  void page.close().then(() => process.exit());
});
