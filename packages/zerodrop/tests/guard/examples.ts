import type { Files, Profile } from '../../src/guard/index.ts';

/** An example in Markdown: the files before and after a change, and what is said of it; nothing where it is a good one. */
export interface Example {
  /** The line above it. */
  readonly name: string;
  readonly profile: Profile;
  readonly before: Files;
  readonly after: Files;
  readonly says: string;
}

const fence = /^```(yaml before|yaml bad|yaml good|diff before|diff any|diff|text)\n([\s\S]*?)^```$/gm;

/**
 * The examples of a text. A block `yaml before` counts for all that come behind it, and a block `diff before` is another state to
 * begin with, made of it, until the next heading. A block `diff` changes some lines; `diff any` asks the other profile. What is
 * said stands in a block `text` behind an example.
 */
export function examplesOf(markdown: string): readonly Example[] {
  const blocks = [...markdown.matchAll(fence)].map(({ 1: kind = '', 2: text = '', index }) => ({
    kind,
    text,
    name: markdown.slice(0, index).trimEnd().split('\n').at(-1) ?? '',
    heading: markdown.lastIndexOf('\n## ', index),
  }));
  let [base, before] = ['', ''];
  return blocks.flatMap(({ kind, text, name, heading }, index): readonly Example[] => {
    if (heading !== blocks[index - 1]?.heading) before = base;
    if (kind === 'yaml before') base = text;
    if (kind.endsWith('before')) {
      before = kind === 'diff before' ? patched(base, text) : text;
      return [];
    }
    if (kind === 'text') return [];
    const next = blocks[index + 1];
    return [
      {
        name,
        profile: kind === 'diff any' ? 'any' : 'lossless',
        before: filesOf(before),
        after: filesOf(kind.startsWith('diff') ? patched(before, text) : text),
        says: next?.kind === 'text' ? next.text.trimEnd() : '',
      },
    ];
  });
}

/** A text with the changes of a diff, whose parts are divided by lines that begin with @@. Without old lines it is appended. */
function patched(text: string, diff: string): string {
  return diff.split(/^@@.*\n/m).reduce((whole, part) => {
    const lines = part.split('\n').slice(0, -1);
    const side = (without: string): string =>
      lines
        .filter((line) => !line.startsWith(without))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const [old, now] = [side('+'), side('-')];
    if (old === '') return `${whole}${now}`;
    const found = `\n${whole}`.split(`\n${old}`);
    if (found.length !== 2) throw new Error(`Stands ${found.length - 1} times in the example before:\n${old}`);
    return found.join(`\n${now}`).slice(1);
  }, text);
}

/** The files of an example: one, or several that each begin with `# file: PATH`. */
function filesOf(text: string): Files {
  if (text === '') return new Map();
  if (!text.startsWith('# file: ')) return new Map([['manifests/production/web.yaml', text]]);
  const parts = text.split(/^# file: /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]));
}
