import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UsageError } from 'zerodrop/errors';

/** The SHA-256 of a file, 64 hex digits. Throws {@link UsageError} for one that can't be read. */
export async function sha256(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new UsageError(`The plan ${file} can't be read (${cause.message}). Name the file that pipeline plan saved.`, {
      cause,
    });
  });
  return createHash('sha256').update(bytes).digest('hex');
}
