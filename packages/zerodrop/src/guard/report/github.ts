import { wayOut } from '../exceptions/way-out.ts';
import { type Finding, placeOf } from '../finding.ts';
import { type Review, verdictOf } from '../review.ts';

/** A review as workflow commands, which GitHub shows at the lines of the pull request's files. */
export function github(review: Review): string {
  const lines = [
    ...review.refused.map((finding) =>
      annotation(
        'error',
        finding,
        finding.rule,
        `${messageOf(finding)}\n${wayOut([finding], review.origin)}`.trimEnd(),
      ),
    ),
    ...review.warned.map((finding) => annotation('warning', finding, finding.rule, messageOf(finding))),
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

function annotation(level: 'error' | 'warning' | 'notice', finding: Finding, title: string, message: string): string {
  const { path, line, endLine, isGone, commit } = finding;
  const properties = [
    ...(commit === null ? [`file=${escapeProperty(path)}`] : []),
    // A line that is gone is none of the file that the pull request shows.
    ...(commit === null && !isGone ? [`line=${line}`, `endLine=${endLine}`] : []),
    `title=${escapeProperty(title)}`,
  ];
  const place = isGone || commit !== null ? `\nIt stood in ${placeOf(finding)}.` : '';
  return `::${level} ${properties.join(',')}::${escapeMessage(`${message}${place}`)}`;
}

/** The sentence, and what to write instead. */
function messageOf(finding: Finding): string {
  const { sentence, suggestion, line } = finding;
  return suggestion === null ? sentence : `${sentence}\nIn line ${line}, write: ${suggestion}`;
}

/** As @actions/core escapes (packages/core/src/command.ts). */
function escapeMessage(message: string): string {
  return message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(value: string): string {
  return escapeMessage(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
