import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { userEnvironment } from 'zerodrop/git';

const execute = promisify(execFile);

/** The files that git tracks or would track, relative to the directory. */
export async function trackedFiles(directory: string): Promise<string[]> {
  const args = ['-C', directory, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await execute('git', args, { env: userEnvironment(process.env), maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\0').filter((file) => file !== '');
}
