import type { Finding } from '../finding.ts';
import { type Review, verdictOf } from '../review.ts';
import { wayOut } from './text.ts';

/** A review as workflow commands, which GitHub shows at the lines of the pull request's files. */
export function github(review: Review): string {
  const lines = [
    ...review.refused.map((finding) => annotation('error', finding, finding.rule, `${finding.sentence}\n${wayOut}`)),
    ...review.warned.map((finding) => annotation('warning', finding, finding.rule, finding.sentence)),
    ...review.allowed.map((finding) =>
      annotation(
        'notice',
        finding,
        `${finding.rule}, allowed`,
        `${finding.object} is allowed (${finding.by}): ${finding.because}`,
      ),
    ),
    ...review.notes.map((note) => `::notice::${escapeMessage(note)}`),
    verdictOf(review),
  ];
  return `${lines.join('\n')}\n`;
}

function annotation(
  level: 'error' | 'warning' | 'notice',
  { path, line, endLine }: Finding,
  title: string,
  message: string,
): string {
  return `::${level} file=${escapeProperty(path)},line=${line},endLine=${endLine},title=${escapeProperty(title)}::${escapeMessage(message)}`;
}

/** As @actions/core escapes (packages/core/src/command.ts). */
function escapeMessage(message: string): string {
  return message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(value: string): string {
  return escapeMessage(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
