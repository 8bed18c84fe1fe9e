/**
 * True where a glob of Argo CD's directory options takes a path, as gobwas/glob 1.0 does without separators: `*` stands for any
 * text, `?` for one character, `[abc]`, `[a-c]` and `[!a]` for one of several, `{a,b}` for one of several texts, and `\\` takes the
 * next character as it is. One that can't be read takes nothing.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const pattern = patternOf(glob);
  return pattern !== null && new RegExp(`^${pattern}$`, 'su').test(path);
}

/** A class of characters: a range, or some that are listed. */
const characterClass = /\[(?<not>!?)(?:(?<low>.)-(?<high>.)|(?!.-)(?<listed>(?:\\.|[^\]\\])+))\]/suy;

function patternOf(glob: string): string | null {
  let pattern = '';
  let braces = 0;
  for (let at = 0; at < glob.length;) {
    const character = String.fromCodePoint(glob.codePointAt(at) ?? 0);
    at += character.length;
    if (character === '*') pattern += pattern.endsWith('.*') ? '' : '.*';
    else if (character === '?') pattern += '.';
    else if (character === '[') {
      characterClass.lastIndex = at - 1;
      const found = characterClass.exec(glob)?.groups;
      const set = found === undefined ? null : setOf(found);
      if (set === null) return null;
      pattern += set;
      at = characterClass.lastIndex;
    } else if (character === '\\') {
      const next = glob.codePointAt(at);
      if (next === undefined) return null;
      pattern += literal(String.fromCodePoint(next));
      at += String.fromCodePoint(next).length;
    } else if (character === '{') {
      pattern += '(?:';
      braces += 1;
    } else if (character === '}' && braces > 0) {
      pattern += ')';
      braces -= 1;
    } else pattern += character === ',' && braces > 0 ? '|' : literal(character);
  }
  return braces === 0 ? pattern : null;
}

function setOf({ not, low, high, listed = '' }: Readonly<Record<string, string | undefined>>): string | null {
  const begin = not === '!' ? '[^' : '[';
  if (low !== undefined && high !== undefined) return low > high ? null : `${begin}${literal(low)}-${literal(high)}]`;
  return `${begin}${[...listed.replaceAll(/\\(.)/gsu, '$1')].map(literal).join('')}]`;
}

function literal(character: string): string {
  return /[\^$.*+?()[\]{}|/\\-]/.test(character) ? `\\${character === '-' ? 'x2d' : character}` : character;
}
