import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { trackedFiles } from './tracked.ts';

const link = /!?\[[^\]]*\]\(<?([^)\s>]+)>?[^)]*\)|(?:src|href)="([^"]+)"/g;

/** The relative links of a Markdown text, without their anchors. */
export function relativeLinks(markdown: string): string[] {
  const prose = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(link)]
    .map(([, inline, attribute]) => inline ?? attribute ?? '')
    .filter((target) => !/^([a-z][a-z+.-]*:|#|\/\/)/i.test(target))
    .map((target) => decodeURIComponent(target.replace(/[#?].*$/, '')));
}

/** A sentence for each relative link in the tracked Markdown files that leads nowhere. */
export async function brokenLinks(directory: string): Promise<string[]> {
  const files = (await trackedFiles(directory)).filter((file) => file.endsWith('.md'));
  const broken = await Promise.all(files.map((file) => brokenIn(directory, file)));
  return broken.flat();
}

async function brokenIn(directory: string, file: string): Promise<string[]> {
  const text = await readFile(path.join(directory, file), 'utf8');
  const problems = relativeLinks(text).map(async (target) => {
    const found = path.resolve(directory, path.dirname(file), target);
    return access(found).then(
      () => null,
      () => `${file} links to ${target}, which is not there.`,
    );
  });
  return (await Promise.all(problems)).filter((problem) => problem !== null);
}
