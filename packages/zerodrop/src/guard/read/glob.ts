/**
 * True where a glob of Argo CD's directory options takes a path. As in gobwas/glob, which Argo CD uses without separators: `*`
 * stands for any text, `?` for one character, and `{a,b}` for one of several..
 */
export function matchesGlob(glob: string, path: string): boolean {
  let pattern = '';
  let braces = 0;
  for (const character of glob) {
    if (character === '*') pattern += '.*';
    else if (character === '?') pattern += '.';
    else if (character === '{') {
      pattern += '(?:';
      braces += 1;
    } else if (character === '}' && braces > 0) {
      pattern += ')';
      braces -= 1;
    } else if (character === ',' && braces > 0) pattern += '|';
    else pattern += /[.+^$()|\\[\]{}]/.test(character) ? `\\${character}` : character;
  }
  // A brace that is never closed is itself, so that nothing that an owner writes throws.
  return braces === 0 ? new RegExp(`^${pattern}$`, 's').test(path) : glob === path;
}
