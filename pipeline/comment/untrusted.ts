import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { OperationError } from 'zerodrop/errors';

/** In bytes: the plan of an empty project is a tenth of it. */
const mostBytes = 4 * 1024 * 1024;

/**
 * The text of a file that another job has left, which may have run anybody's code. Throws {@link OperationError} for one that is not a
 * plain file (a link could lead to a secret of this job), or longer than any plan.
 */
export async function readUntrusted(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((cause) => {
    throw new OperationError(`${file} is missing, or is no plain file. The job that plans has to leave it there.`, {
      cause,
    });
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new OperationError(`${file} is no plain file.`);
    if (stats.size > mostBytes)
      throw new OperationError(`${file} has ${stats.size} bytes, and no plan has more than ${mostBytes}.`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
