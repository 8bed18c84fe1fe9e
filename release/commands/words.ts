import type { Placing } from '../history/placing.ts';
import { named, tellApart } from '../names.ts';

/** Why a release does not go on, in a sentence. */
export function placingWords(environment: string, placing: Exclude<Placing, { readonly kind: 'go' }>): string {
  if (placing.kind === 'superseded') {
    return `superseded: ${environment} has ${named(placing.pinned)}, which is newer. Nothing is changed.\n`;
  }
  if (placing.kind === 'built-again') {
    const [wanted, pinned] = tellApart(placing.wanted, placing.pinned, []);
    return `superseded: the same source was built again since. ${environment} has ${pinned}, which was released after ${wanted}. Nothing is changed: roll back to return to the former build, or release it with --again.\n`;
  }
  const { former, pinned } = placing;
  const [from, to] = pinned === null ? [named(former), 'nothing'] : tellApart(former, pinned, [named]);
  return `rolled back: ${environment} was rolled back from ${from} to ${to}, and this release is not newer. Nothing is changed: release a newer commit, or this one with --again.\n`;
}

/** What became of a pull request that there is no reason for any more. */
export function withdrawnWords(url: string | null): string {
  return url === null ? '' : `Closed ${url}\n`;
}
