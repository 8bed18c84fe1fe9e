import { evaluate } from './expr.ts';

/** An Application as the notifications controller sees it, with these facts. Times are ISO 8601. */
export interface Notified {
  readonly phase: string;
  readonly health: string;
  readonly changedAt: string;
  readonly reconciledAt: string;
  /** The commits that the result of the last operation, the operation itself, and the last comparison name. */
  readonly result: string;
  readonly asked?: string;
  readonly compared: string;
}

const [synced, asked, compared] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];

const done: Notified = {
  phase: 'Succeeded',
  health: 'Healthy',
  changedAt: '2026-01-01T12:00:20Z',
  reconciledAt: '2026-01-01T12:00:20Z',
  result: synced,
  asked,
  compared,
};

/** As Argo CD 3.6.1 leaves a sync of what can't be read: the result names no commit, and the comparison the branch. */
const unreadable = { phase: 'Error', result: '', compared: 'main' };

/** What differs from a rollout that went well, which triggers fire, and the commit that they are about. */
export const cases: readonly (readonly [string, Partial<Notified>, readonly string[], string])[] = [
  ['healthy since its sync', {}, ['rolled-out'], synced],
  ['syncing', { phase: 'Running' }, ['rolling-out'], synced],
  ['on its way', { health: 'Progressing' }, ['rolling-out'], synced],
  [
    'just synced, with the health of before',
    { changedAt: '2026-01-01T09:00:00Z', reconciledAt: '2026-01-01T12:00:03Z' },
    [],
    synced,
  ],
  [
    'healthy all along, and looked at since',
    { changedAt: '2026-01-01T09:00:00Z', reconciledAt: '2026-01-01T12:02:00Z' },
    ['rolled-out'],
    synced,
  ],
  [
    'healthy before the last step of its sync, and looked at since',
    { changedAt: '2026-01-01T12:00:01Z', reconciledAt: '2026-01-01T12:02:00Z' },
    ['rolled-out'],
    synced,
  ],
  ['refused', { phase: 'Failed', changedAt: '2026-01-01T09:00:00Z' }, ['not-rolled-out'], synced],
  ['degraded by its rollout', { health: 'Degraded', changedAt: '2026-01-01T12:02:10Z' }, ['not-rolled-out'], synced],
  ['degraded before its sync', { health: 'Degraded', changedAt: '2026-01-01T11:00:00Z' }, [], synced],
  ['degraded days later', { health: 'Degraded', changedAt: '2026-01-04T12:00:00Z' }, [], synced],
  ['of a commit that cannot be read', unreadable, ['not-rolled-out'], asked],
  ['of no commit but the compared one', { ...unreadable, asked: '', compared }, ['not-rolled-out'], compared],
  ['of no commit at all', { ...unreadable, asked: '' }, [], ''],
];

/** The Application of a case. */
export function notified(differs: Partial<Notified>) {
  const facts = { ...done, ...differs };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web-staging', namespace: 'argocd' },
    spec: { source: { repoURL: 'https://github.com/acme/shop.git', path: 'manifests/staging/web' } },
    status: {
      operationState: {
        phase: facts.phase,
        startedAt: '2026-01-01T12:00:00Z',
        finishedAt: '2026-01-01T12:00:02Z',
        operation: { sync: facts.asked === '' ? {} : { revision: facts.asked } },
        syncResult: { revision: facts.result },
      },
      health: { status: facts.health, lastTransitionTime: facts.changedAt },
      sync: { status: 'Synced', revision: facts.compared },
      reconciledAt: facts.reconciledAt,
    },
  };
}

/** What Argo CD's `time.Parse` gives, as far as the triggers use it. */
class Time {
  readonly milliseconds: number;
  constructor(text: string) {
    this.milliseconds = Date.parse(text);
  }
  Before(other: Time): boolean {
    return this.milliseconds < other.milliseconds;
  }
  Sub(other: Time): { Seconds(): number; Minutes(): number } {
    const seconds = (this.milliseconds - other.milliseconds) / 1_000;
    return { Seconds: () => seconds, Minutes: () => seconds / 60 };
  }
}

/** Evaluates what a trigger says of an Application, with the functions that Argo CD gives it. */
export function evaluateFor(app: object, expression: string): unknown {
  return evaluate(expression, { app, time: { Parse: (text: string) => new Time(text) } });
}
