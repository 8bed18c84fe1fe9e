import { fenced } from '../../github/markdown.ts';
import { cutToLines } from '../cut.ts';

/** A comment at GitHub holds 65,536 characters; a hidden mark that finds it again takes some of them. */
const longestText = 64_000;

/** A plan in Markdown: what it would destroy first, as that is what a reviewer must not miss. */
export function planReport(stack: string, text: string): string {
  const title = `### ${stack}: ${verdict(text)}\n`;
  const lost = destroyed(text);
  const warning =
    lost.length === 0 ? '' : `\n> [!CAUTION]\n> Destroys:\n${lost.map((address) => `> - \`${address}\`\n`).join('')}`;
  if (!/\bto (?:add|change|destroy)\b/.test(text)) return title;
  const shown = cutToLines(asDifference(text.trim()), longestText - title.length - warning.length);
  return `${title}${warning}\n${fenced(shown, 'diff')}\n`;
}

/** Terraform's own summary line. */
function verdict(text: string): string {
  return /^(?:Plan: .*|No changes\..*|Changes to Outputs:)$/m.exec(text)?.[0] ?? 'no summary from Terraform';
}

function destroyed(text: string): string[] {
  const line = /^ *# (\S.*?) (?:will be destroyed|must be replaced|will be replaced|is tainted, so must be replaced)/gm;
  return [...text.matchAll(line)].map(([, address = '']) => address);
}

/** Terraform indents its signs; GitHub colours a difference only by the first character of a line. */
function asDifference(text: string): string {
  return text.replaceAll(
    /^( +)([+~-])(?= )/gm,
    (_, indent: string, sign: string) => `${sign === '~' ? '!' : sign}${indent}`,
  );
}
