/** The first lines of a text that fit into a number of characters, with a last line that says what is missing. */
export function cutToLines(text: string, most: number): string {
  if (text.length <= most) return text;
  const lines = text.split('\n');
  const note = (left: number) => `... ${left} of ${lines.length} lines left out: the job's log has all of them.`;
  const room = most - note(lines.length).length;
  let used = 0;
  let kept = 0;
  for (const line of lines) {
    if (used + line.length + 1 > room) break;
    used += line.length + 1;
    kept += 1;
  }
  return [...lines.slice(0, kept), note(lines.length - kept)].join('\n');
}
