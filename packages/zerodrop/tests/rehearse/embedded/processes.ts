import { execFileSync } from 'node:child_process';

/** The processes whose command line names a folder: the programs and pods that were started from it. */
export function processesOf(folder: string): string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  // A zombie has ended; only its parent has not noticed yet.
  return all.filter((line) => line.includes(folder) && !/^\s*\d+\s+Z/.test(line));
}
