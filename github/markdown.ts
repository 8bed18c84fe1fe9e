/** GitHub refuses a longer body of a pull request, in characters. */
export const longestBody = 65_536;

/** A block of text that shows as it is, whatever is in it: the fence is longer than any in the text. */
export function fenced(text: string, language = ''): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** The first lines of a text that fit into a number of characters, and how many are left out. */
export function firstLines(text: string, room: number): { readonly text: string; readonly leftOut: number } {
  if (text.length <= room) return { text, leftOut: 0 };
  const lines = text.split('\n');
  let used = 0;
  const kept = lines.findIndex((line) => (used += line.length + 1) > room + 1);
  return { text: lines.slice(0, kept).join('\n'), leftOut: lines.length - kept };
}

/** The first lines of a text that fit into a number of characters, with a last line that says what is missing. */
export function cutToLines(text: string, most: number): string {
  if (text.length <= most) return text;
  const total = text.split('\n').length;
  const note = (left: number): string => `... ${left} of ${total} lines left out: the job's log has all of them.`;
  const kept = firstLines(text, most - `\n${note(total)}`.length);
  return kept.leftOut === total ? note(total) : `${kept.text}\n${note(kept.leftOut)}`;
}
