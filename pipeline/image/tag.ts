import { isTag } from '../../settings/image.ts';

/**
 * The tag, and the version that the service tells: the package's version and the commit, 1.4.0-3f2a9c81d04b. Whoever sees
 * one of them finds the other, and the same commit never has two.
 */
export function imageTag(packageVersion: string, source: string): string {
  const tag = `${packageVersion.replaceAll('+', '-')}-${source.slice(0, 12)}`;
  if (!isTag(tag)) throw new Error(`${JSON.stringify(tag)} can't be an image's tag. Mend "version" in package.json.`);
  return tag;
}
