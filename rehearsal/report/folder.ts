import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { WrongUse } from '../wrong-use.ts';

/** Makes the folder of a report where there is none, before anything is played for it. Throws WrongUse where it can't be made. */
export async function makeReportFolder(directory: string): Promise<void> {
  try {
    await makeWithParents(path.resolve(directory));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WrongUse(
      `--report is ${directory}, which is no folder and can't be made one (${code}). Choose another.`,
      {
        cause,
      },
    );
  }
}

/** Not by the recursive mkdir of Node.js: it tries for ever where a file system answers ENOENT, as /proc does. */
async function makeWithParents(directory: string): Promise<void> {
  if (await isFolder(directory)) return;
  const parent = path.dirname(directory);
  if (parent !== directory) await makeWithParents(parent);
  await mkdir(directory);
}

async function isFolder(directory: string): Promise<boolean> {
  const found = await stat(directory).catch(() => null);
  return found?.isDirectory() ?? false;
}
