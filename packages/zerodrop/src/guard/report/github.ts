import { wayOut } from '../exceptions.ts';
import { type Finding, placeOf } from '../finding.ts';
import { type Review, verdictOf } from '../review.ts';
import { printable } from './text.ts';

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
  const stood = isGone || commit !== null ? `\nIt stood in ${placeOf(finding)}.` : '';
  return `::${level} ${properties.join(',')}::${escapeMessage(`${message}${stood}`)}`;
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

/** A review for a job's summary or a comment of a pull request. */
export function markdown(review: Review): string {
  const lines = [
    ...review.refused.map((finding) => item('❌', finding)),
    ...review.warned.map((finding) => item('⚠️', finding)),
    ...review.allowed.map(
      (finding) => `- ✅ ${place(finding)} is allowed (${plain(finding.by)}): ${plain(finding.because)}`,
    ),
    ...review.notes.map((note) => `- ${plain(note)}`),
  ];
  const parts = [
    '### Guard',
    plain(verdictOf(review)),
    lines.join('\n'),
    review.refused.length > 0 ? plain(wayOut(review.refused, review.origin)) : '',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function item(sign: string, finding: Finding): string {
  const { what, why, fix, suggestion } = finding;
  const words = `- ${sign} ${place(finding)} ${plain(`${what}. ${why}`)} **${plain(fix)}**`;
  return suggestion === null
    ? words
    : `${words}\n\n  In line ${finding.line}, write:\n  \`\`\`yaml\n  ${printable(suggestion).replaceAll('`', "'")}\n  \`\`\``;
}

function place(finding: Finding): string {
  return `**${finding.rule}** at \`${printable(placeOf(finding)).replaceAll('`', "'")}\`: ${plain(finding.object)}`;
}

/** Words from files and commit messages mean nothing to Markdown, HTML or GitHub, which links #12 and tells @somebody. */
export function plain(words: string): string {
  return printable(words)
    .replaceAll(/@(?=\w)/g, '@ ')
    .replaceAll(/#(?=\d)/g, 'no. ')
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_[\]<>|#~]/g, '\\$&');
}
