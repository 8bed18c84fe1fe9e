import { expect, test } from 'vitest';
import { podLives } from '../../../../src/rehearse/report/picture/picture.ts';
import type { SeenPod, TimelineEntry } from '../../../../src/rehearse/report/schema.ts';
import { small } from '../reports.ts';

const pod = (name: string, state: SeenPod['state']): SeenPod => ({ name, replicaSet: 'web-a', version: 'v1', state });
const pods = (atMs: number, ...seen: readonly SeenPod[]): TimelineEntry => ({ atMs, kind: 'pods', pods: seen });

test('a pod lives from state to state until it is seen no more', () => {
  const timeline = [
    pods(0, pod('a', 'pending')),
    pods(10, pod('a', 'ready')),
    pods(20, pod('a', 'ready'), pod('b', 'starting')),
    pods(30, pod('b', 'ready')),
  ];
  const lives = podLives({ ...small, durationMs: 100, timeline });

  expect(lives.map(({ name, phases }) => [name, ...phases])).toEqual([
    ['a', { state: 'pending', fromMs: 0, toMs: 10 }, { state: 'ready', fromMs: 10, toMs: 30 }],
    ['b', { state: 'starting', fromMs: 20, toMs: 30 }, { state: 'ready', fromMs: 30, toMs: 100 }],
  ]);
});
