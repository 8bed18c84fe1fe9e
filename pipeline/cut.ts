import { firstLines } from '../github/markdown.ts';

/** The first lines of a text that fit into a number of characters, with a last line that says what is missing. */
export function cutToLines(text: string, most: number): string {
  if (text.length <= most) return text;
  const total = text.split('\n').length;
  const note = (left: number): string => `... ${left} of ${total} lines left out: the job's log has all of them.`;
  const kept = firstLines(text, most - `\n${note(total)}`.length);
  return kept.leftOut === total ? note(total) : `${kept.text}\n${note(kept.leftOut)}`;
}
