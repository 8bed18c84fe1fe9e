import type { Finding } from '../../guard/rule.ts';
import type { Review } from '../review.ts';
import { verdict, wayOut } from './verdict.ts';

/** A review as workflow commands, which GitHub shows at the lines of the pull request's files. */
export function gitHubAnnotations(review: Review): string {
  const { standing, allowed, notes } = review;
  const lines = [
    ...standing.map((finding) => {
      return annotation('error', finding, finding.rule, `${finding.object} ${finding.says}.\n${wayOut}`);
    }),
    ...allowed.map((finding) => {
      const { commit, because } = finding.allowance;
      return annotation(
        'notice',
        finding,
        `${finding.rule}, allowed`,
        `${finding.object} is allowed by ${commit}: ${because}`,
      );
    }),
    ...notes.map((note) => `::warning::${escapeMessage(note)}`),
    verdict(review),
  ];
  return `${lines.join('\n')}\n`;
}

function annotation(level: 'error' | 'notice', { path, line }: Finding, title: string, message: string): string {
  return `::${level} file=${escapeProperty(path)},line=${line},title=${escapeProperty(title)}::${escapeMessage(message)}`;
}

/** As @actions/core escapes (packages/core/src/command.ts). */
function escapeMessage(message: string): string {
  return message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(value: string): string {
  return escapeMessage(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
