import { element, escape } from '../markup.ts';
import type { Report } from '../schema.ts';
import { counted, seconds } from '../words.ts';

/** What does not change the verdict: our own warnings, what was not run, and what the cluster warned of. */
export function notes(report: Report): readonly string[] {
  const notRun =
    report.notRun.length === 0 ? [] : [`Applied and not run, because the target can’t: ${report.notRun.join(', ')}.`];
  const items = [...report.warnings, ...notRun].map((item) => element('li', {}, escape(item)));
  const cluster = clusterWarnings(report);
  if (items.length === 0 && cluster === '') return [];
  return [element('h2', {}, 'Worth knowing'), items.length === 0 ? '' : element('ul', {}, ...items), cluster];
}

function clusterWarnings({ timeline }: Report): string {
  const warnings = timeline.filter((entry) => entry.kind === 'warning');
  if (warnings.length === 0) return '';
  const items = warnings.map(({ atMs, object, reason, message }) =>
    element('li', {}, escape(`${seconds(atMs)}: ${object}: ${reason}: ${message}`)),
  );
  const summary = element('summary', {}, `${counted(warnings.length, 'warning')} of the cluster`);
  return element('details', {}, summary, element('ul', {}, ...items));
}
