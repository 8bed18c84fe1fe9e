import { runInNewContext } from 'node:vm';

/** The part of an Application that the triggers look at. Times are ISO 8601. */
export interface Notified {
  readonly phase: string;
  readonly health: string;
  readonly changedAt: string;
  readonly reconciledAt: string;
}

const startedAt = '2026-01-01T12:00:00Z';
const finishedAt = '2026-01-01T12:00:02Z';

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

/** Evaluates a trigger's condition as Argo CD does: its language (expr) differs from JavaScript in these few words. */
export function holds(when: string, { phase, health, changedAt, reconciledAt }: Notified): unknown {
  const script = when
    .replaceAll(/([\w.]+) in (\[[^\]]*\])/g, '$2.includes($1)')
    .replaceAll(' and ', ' && ')
    .replaceAll(' or ', ' || ')
    .replaceAll(' nil', ' null');
  const status = {
    operationState: { phase, startedAt, finishedAt },
    health: { status: health, lastTransitionTime: changedAt },
    reconciledAt,
  };
  const app = { metadata: { name: 'web-staging' }, status };
  return runInNewContext(script, { app, time: { Parse: (text: string) => new Time(text) } });
}
