import { expect, test } from 'vitest';
import { lastWords, logLine, worst } from '../../../src/rollout/kubernetes/explain.ts';
import type { Pod } from '../../../src/rollout/kubernetes/pods.ts';

function pod(name: string, creationTimestamp: string, status: Pod['status']): Pod {
  return {
    metadata: { uid: name, resourceVersion: '1', name, creationTimestamp },
    spec: { containers: [{ name: 'web', image: 'web' }] },
    ...(status === undefined ? {} : { status }),
  };
}

const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' };
const crashing = pod('web-b', '2026-01-01T00:00:01Z', {
  containerStatuses: [{ name: 'web', restartCount: 2, state: { waiting } }],
});
const readyPod = pod('web-a', '2026-01-01T00:00:00Z', { conditions: [{ type: 'Ready', status: 'True' }] });

test('a crash loop tells its reason, its events and its log', () => {
  const backOff = {
    metadata: { uid: '1', resourceVersion: '1' },
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting failed container web',
    count: 3,
    involvedObject: { kind: 'Pod', name: 'web-b' },
  };

  expect(lastWords(crashing, [backOff], ['{"msg":"no port"}'])).toBe(
    [
      'Pod web-b, container web: CrashLoopBackOff after 2 restarts: back-off 10s restarting failed container',
      'Warning BackOff (3 times) on Pod web-b: Back-off restarting failed container web',
      'Last lines of web-b:',
      '  no port',
    ].join('\n'),
  );
});

test('nothing to say is nothing', () => {
  expect(lastWords(null, [], [])).toBe('');
});

test('a line of the log that would fill the terminal is cut', () => {
  const [, line] = lastWords(crashing, [], ['x'.repeat(1_000)])
    .split('\n')
    .slice(-2);

  expect(line).toBe(`  ${'x'.repeat(300)}...`);
});

test('a pod that fails is asked before one that only starts, and a ready one never', () => {
  const starting = pod('web-c', '2026-01-01T00:00:09Z', { containerStatuses: [] });

  expect(worst([readyPod, starting, crashing])).toBe(crashing);
  expect(worst([readyPod])).toBeUndefined();
});

test('of two that only start, the one made last is asked', () => {
  const older = pod('web-c', '2026-01-01T00:00:01Z', undefined);
  const newer = pod('web-d', '2026-01-01T00:00:02Z', undefined);

  expect(worst([older, newer])).toBe(newer);
});

test.each([
  ['{"level":50,"msg":"no database","err":{"message":"refused","stack":"Error\\n at"}}', 'no database: refused'],
  ['{"severity":"ERROR","message":"out of memory","error":"ENOMEM"}', 'out of memory: ENOMEM'],
  ['{"level":"error","event":"cannot bind"}', 'cannot bind'],
  ['{"count":1}', '{"count":1}'],
  ['{"msg":', '{"msg":'],
  ['plain words', 'plain words'],
  ['{"msg":""}', '{"msg":""}'],
])('a line %s is read as %s', (line, words) => {
  expect(logLine(line)).toBe(words);
});
