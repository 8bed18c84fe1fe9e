import { expect, test } from 'vitest';
import { worstCapacity } from '../../../src/rehearse/verdict/samples.ts';
import type { Observed } from '../../../src/rollout/watch.ts';
import { judge } from './judged.ts';
import { endpoints, play, pods, release } from './small.ts';

const bounds = { min: 2, max: 6 };
const scaled = {
  ...play,
  numbers: {
    ...play.numbers,
    played: { ...play.numbers.played, autoscaler: bounds },
    committed: { ...play.numbers.committed, autoscaler: bounds },
  },
};
const span = { rollout: release, from: 2_000, to: 10_000 };

function asked(at: number, replicas: number): Observed {
  const counts = { replicas, updated: replicas, ready: replicas, available: replicas };
  return { at, kind: 'deployment', image: 'web:v2', replicaSet: 'web-b', ...counts, settled: true, failure: null };
}

function ready(at: number, count: number): readonly Observed[] {
  return [pods(at, ...Array.from({ length: count }, () => 'ready' as const)), endpoints(at, count)];
}

function worst(...observed: readonly Observed[]) {
  return worstCapacity({ ...scaled, observed: [...ready(500, 2), asked(500, 2), ...observed] }, span);
}

test('pods that an autoscaler adds are due once they are ready', () => {
  expect(worst(asked(3_000, 5))).toEqual({ ready: 2, due: 2 });
  expect(worst(asked(3_000, 5), ...ready(4_000, 5), ...ready(5_000, 4))).toEqual({ ready: 4, due: 5 });
});

test('pods that it takes away are due no more, in whichever order that is seen', () => {
  const grown = [asked(3_000, 5), ...ready(4_000, 5)];
  expect(worst(...grown, asked(5_000, 3), ...ready(5_100, 3))).toEqual({ ready: 2, due: 2 });
  expect(worst(...grown, ...ready(5_000, 3), asked(5_100, 3))).toEqual({ ready: 2, due: 2 });
  expect(worst(...grown, ...ready(5_000, 3), asked(7_000, 3))).toEqual({ ready: 3, due: 5 });
});

test('fewer than the autoscaler keeps at least are too few, whatever is asked for', () => {
  expect(worst(asked(3_000, 1), ...ready(3_100, 1))).toEqual({ ready: 1, due: 2 });
});

test('without an autoscaler all replicas are due all the time', () => {
  const observed = [...ready(500, 2), asked(3_000, 1), ...ready(3_100, 1)];
  expect(worstCapacity({ ...play, observed }, span)).toEqual({ ready: 1, due: 2 });
});

test('the report names the bounds, and warns only where another number was asked for', () => {
  expect(judge(scaled, null).warnings).not.toContainEqual(expect.stringContaining('Played with replicas'));
  const played = { ...scaled.numbers.played, replicas: 5 };
  const { warnings } = judge({ ...scaled, numbers: { ...scaled.numbers, played } }, null);
  expect(warnings).toContain('Played with replicas 5. Committed is an autoscaler of 2 to 6.');
});
