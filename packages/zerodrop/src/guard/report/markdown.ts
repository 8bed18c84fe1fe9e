import { wayOut } from '../exceptions/way-out.ts';
import { type Finding, placeOf } from '../finding.ts';
import { type Review, verdictOf } from '../review.ts';
import { printable } from './frame.ts';

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
function plain(words: string): string {
  return printable(words)
    .replaceAll(/@(?=\w)/g, '@ ')
    .replaceAll(/#(?=\d)/g, 'no. ')
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_[\]<>|#~]/g, '\\$&');
}
