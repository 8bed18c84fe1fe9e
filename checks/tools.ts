import { execFile } from 'node:child_process';
import path from 'node:path';
import { gitBytes } from 'zerodrop/git';

/** Runs a tool of node_modules. Returns nothing when it is content, else all that it said. */
export async function problemsOf(tool: string, ...args: readonly string[]): Promise<readonly string[]> {
  const program = path.join('node_modules', '.bin', tool);
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve([]);
      else if (error.code === 'ENOENT') reject(new Error(`${tool} is not installed. Run npm ci.`, { cause: error }));
      else resolve([`${stdout}${stderr}`.trim() || `${tool} ended with ${error.code ?? error.signal}`]);
    });
  });
}

/** The files that git tracks or would track, relative to the directory. */
export async function trackedFiles(directory: string): Promise<string[]> {
  const listed = await gitBytes(directory, '', 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  return listed
    .toString()
    .split('\0')
    .filter((file) => file !== '');
}
