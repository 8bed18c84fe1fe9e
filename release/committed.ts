import { type Files, readFiles } from 'zerodrop/files';
import { gitBytes } from 'zerodrop/git';

/** What is under these paths as a commit has it, by path. */
export async function readCommittedAt(
  directory: string,
  revision: string,
  ...under: readonly string[]
): Promise<Files> {
  return readFiles((input, ...args) => gitBytes(directory, input, ...args), revision, ...under);
}
