import { element, escape } from './markup.ts';
import type { Report } from './schema.ts';
import { listed, outOf } from './words.ts';

interface TestCase {
  readonly name: string;
  readonly seconds: number;
  /** Null where it passed. */
  readonly failure: string | null;
}

/** junit.xml: a test for each client and each rollout, one for the control, and one for the verdict itself. */
export function junit(report: Report): string {
  const cases = [...clientCases(report), ...rolloutCases(report), ...controlCase(report), verdictCase(report)];
  const failures = cases.filter(({ failure }) => failure !== null).length;
  const attributes = { name: 'zerodrop rehearsal', tests: cases.length, failures, time: report.durationMs / 1_000 };
  const suite = element('testsuite', attributes, ...cases.map((each) => testCase(report.target, each)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {}, suite)}\n`;
}

function testCase(target: string, { name, seconds, failure }: TestCase): string {
  const attributes = { classname: `rehearsal.${target}`, name, time: seconds };
  if (failure === null) return element('testcase', attributes);
  const [message = ''] = failure.split('\n');
  return element('testcase', attributes, element('failure', { message }, escape(failure)));
}

function clientCases({ clients, durationMs }: Report): readonly TestCase[] {
  return clients.map(({ kind, sent, failed, failures }) => ({
    name: `the ${kind} client loses nothing`,
    seconds: durationMs / 1_000,
    failure:
      failed > 0 ? `${outOf(failed, sent)} lost: ${listed(failures)}` : sent === 0 ? 'No request was sent.' : null,
  }));
}

function rolloutCases({ rollouts }: Report): readonly TestCase[] {
  return rollouts.map(({ name, to, requests, failed, completeAfterMs, replicas, minimumReadyPods }) => {
    const wrong = [
      ...(completeAfterMs === null ? ['It never completed.'] : []),
      ...(failed > 0 ? [`${outOf(failed, requests)} requests lost.`] : []),
      ...((minimumReadyPods ?? 0) < replicas
        ? [`Ready pods fell to ${minimumReadyPods ?? 'none'} of ${replicas}.`]
        : []),
    ];
    return {
      name: `the ${name} of ${to} completes, keeps its capacity and loses nothing`,
      seconds: (completeAfterMs ?? 0) / 1_000,
      failure: wrong.length === 0 ? null : wrong.join(' '),
    };
  });
}

function controlCase({ control }: Report): readonly TestCase[] {
  if (control === null) return [];
  const failure = control.failed > 0 ? null : 'It lost nothing: the rehearsal cannot see a loss.';
  return [{ name: 'the control loses requests', seconds: control.durationMs / 1_000, failure }];
}

function verdictCase({ reasons, durationMs }: Report): TestCase {
  return {
    name: 'the verdict is yes',
    seconds: durationMs / 1_000,
    failure: reasons.length === 0 ? null : reasons.join('\n'),
  };
}
