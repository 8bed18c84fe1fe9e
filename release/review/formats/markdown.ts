import { shownPath } from '../../../git/files.ts';
import type { Finding } from '../../guard/rule.ts';
import type { Review } from '../review.ts';
import { verdict, wayOut } from './verdict.ts';

/** A review for a job's summary or a pull request. */
export function markdown(review: Review): string {
  const { standing, allowed, notes } = review;
  const refused = standing.map((finding) => `- ❌ ${place(finding.rule, finding)} ${plain(finding.says)}.`);
  const passed = allowed.map((finding) => {
    const { commit, because } = finding.allowance;
    return `- ⚠️ ${place(finding.rule, finding)} is allowed by \`${commit}\`: ${plain(because)}`;
  });
  const lines = [...refused, ...passed, ...notes.map((note) => `- ${plain(note)}`)];
  const parts = [`### Guard`, plain(verdict(review)), lines.join('\n'), standing.length > 0 ? plain(wayOut) : ''];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function place(rule: string, { path, line, object }: Finding): string {
  return `**${rule}** at ${code(`${shownPath(path)}:${line}`)}: ${plain(object)}`;
}

/** A name as code: what would end it is left out. */
function code(name: string): string {
  return `\`${name.replaceAll('`', '')}\``;
}

/** Words from files and commit messages are shown as they are, whatever they mean in Markdown. */
function plain(words: string): string {
  return words.replaceAll(/[\\`*_[\]<>|#~]/g, '\\$&');
}
