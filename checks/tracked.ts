import { gitBytes } from 'zerodrop/git';

/** The files that git tracks or would track, relative to the directory. */
export async function trackedFiles(directory: string): Promise<string[]> {
  const listed = await gitBytes(directory, '', 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  return listed
    .toString()
    .split('\0')
    .filter((file) => file !== '');
}
