import { expect, test } from 'vitest';
import { tellNews } from '../../../../src/rehearse/embedded/control-plane/views.ts';
import type { Observation, Observed } from '../../../../src/rollout/watch.ts';

function told(...observations: readonly Observation[]): Observed[] {
  const heard: Observed[] = [];
  const tell = tellNews((observed) => heard.push(observed));
  for (const [at, observation] of observations.entries()) tell(observation, at);
  return heard;
}

const none: Observation = { kind: 'endpoints', ready: [] };
const one: Observation = { kind: 'endpoints', ready: ['a'] };
const warning: Observation = { kind: 'warning', object: 'Pod/a', reason: 'Failed', message: 'no' };

test('tells a state when it changes, and when it changes back', () => {
  expect(told(none, none, one, none).map(({ at }) => at)).toEqual([0, 2, 3]);
});

test('keeps states of different kinds apart', () => {
  expect(told(none, { kind: 'pods', pods: [] }, none)).toHaveLength(2);
});

test('tells a warning once, whatever comes in between', () => {
  expect(told(warning, none, warning, { ...warning, object: 'Pod/b' }).map(({ at }) => at)).toEqual([0, 1, 3]);
});
