/** Breaks a text between words, so that no line is longer than `width`. The first line begins with the bullet. */
export function wrapped(bullet: string, text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && bullet.length + longer.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  const indent = ' '.repeat(bullet.length);
  return [...lines, line].map((each, n) => `${n === 0 ? bullet : indent}${each}`);
}
