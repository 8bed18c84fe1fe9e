// What GitHub obeys or links in a commit's message, and in the title and body of a pull request, which may become one:
// docs.github.com "Skipping workflow runs", "Linking a pull request to an issue", "Autolinked references and URLs", and
// html-pipeline's mention filter. What other forges and CI services obey is written alike.

/** What stands in brackets and skips: `skip ci`, `ci skip`, `skip actions`, `skip-ci`, `skip travis` ..., and `no ci`. */
const skipping = /\bskip\b|^\s*no[\s_-]*ci\s*$/i;
/** Azure Pipelines'. */
const noCi = /\*{3}\s*(no_ci)\s*\*{3}/gi;
/** The trailers `skip-checks: true` and `request-checks: true`. */
const checksTrailer = /(skip|request)-checks(?:\s*:)+[^\S\n]*/gi;
/** A number of an issue: `#12`, `owner/repo#12`, `GH-12`. After `fixes` or `closes` it closes the issue. */
const issueNumber = /#(?=\d)|\bGH-(?=\d)/gi;
/** Its address, which does the same. */
const issueAddress =
  /https?:\/\/[^\s/]+\/([^\s/]+\/[^\s/]+)\/(?:-\/)?(?:issues|pull|pulls|merge_requests|discussions)\/(\d+)/gi;
/** A mention `@user` or `@org/team`. Not `name@example.com`, `1.2.3@sha256:...`, nor the address of a bot: `[bot]@users.example.com`. */
const mention = /(?<![a-z\d_])@(?=[a-z\d])(?![a-z\d-]+\.[a-z\d])/gi;
/**
 * Moves the cursor, turns the order of letters around, or has no width: nobody sees what it does. A tab, the end of a line and what emoji and
 * scripts are joined by may stay.
 */
const unseen = /[^\P{Cc}\t\n]|(?!\u200C|\u200D|\uFE0E|\uFE0F)\p{Default_Ignorable_Code_Point}/gu;

/**
 * A text of somebody else (a commit's subject, an author, a difference), in which GitHub obeys nothing: it skips no workflow, closes
 * no issue and mentions nobody. It reads as before: `[skip ci]` becomes `(skip ci)`, `fixes #12` becomes `fixes no. 12`, `@user`
 * becomes `@ user`.
 */
export function harmless(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(unseen, '')
    .replaceAll(/(?<!\[)\[+([^[\]]*)\]+/g, (whole, inner: string) => (skipping.test(inner) ? `(${inner})` : whole))
    .replaceAll(noCi, '($1)')
    .replaceAll(checksTrailer, '$1-checks ')
    .replaceAll(issueAddress, '$1 no. $2')
    .replaceAll(issueNumber, (_, at: number, whole: string) => (/[^\s(]/.test(whole[at - 1] ?? '') ? ' no. ' : 'no. '))
    .replaceAll(mention, '@ ');
}

/** As {@link harmless}, in one line: a second one could be a trailer, or end the others. */
export function harmlessLine(text: string): string {
  return harmless(text).replaceAll(/\s+/g, ' ').trim();
}

/** GitHub refuses a longer body of a pull request, in characters. */
export const longestBody = 65_536;

/** A block of text that shows as it is, whatever is in it: the fence is longer than any in the text. */
export function fenced(text: string, language = ''): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A text of anybody without control characters, and those that turn the direction of a text or take no room. */
export function visible(text: string): string {
  return text.replaceAll(/(?!\n|\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
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
