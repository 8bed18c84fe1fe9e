import type { Report } from '../../../src/rehearse/report/schema.ts';
import { imagine } from '../played.ts';
import { judge } from '../verdict/judged.ts';
import { control, play, withSample } from '../verdict/small.ts';

/** A report as a good rehearsal leaves it, with its control. */
export const passed: Report = judge(
  imagine({ settings: 'ours', replicas: 3, rate: 20 }),
  imagine({ settings: 'original', replicas: 3, rate: 20 }),
);

/** The smallest play, with one request lost in its release, 1 s after the push. */
export const lostOne: Report = judge(withSample(3_000, { version: null, failure: 'ECONNRESET' }), control);

/** The smallest play without a loss. */
export const small: Report = judge(play, control);

const words = 'Pod web-1 fails: <script>alert("1 & 2")</script>\n\u001B[31mError: cannot find `module`\u001B[0m';

/** A report of a play that never got to its load, with words of a pod that look like markup. */
export const neverUp: Report = {
  ...judge({ ...play, rollouts: [], samples: [], observed: [] }, null),
  verdict: 'failed',
  reasons: [words],
  checks: [{ name: 'every rollout completes', reasons: [words] }],
  warnings: ['Something | odd.'],
  notRun: ['NetworkPolicy/web'],
};
