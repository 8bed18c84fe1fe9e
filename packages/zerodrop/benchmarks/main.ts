// npm run benchmark -w zerodrop
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judge } from '../src/guard/index.ts';
import { text } from '../src/guard/report/text.ts';
import { reviewOf } from '../src/guard/review.ts';
import { scenes } from './scenes.ts';

/** What one run of a scene took. */
interface Run {
  readonly seconds: number;
  /** Of the processor, which other programs do not disturb. */
  readonly processorSeconds: number;
  readonly mebibytes: number;
  readonly findings: number;
}

const [, , asked] = process.argv;
if (asked !== undefined && Object.hasOwn(scenes, asked)) process.stdout.write(JSON.stringify(run(asked)));
else process.exitCode = reportAll() ? 0 : 1;

/** Judges a scene in this process, and writes the report that a terminal would get. */
function run(name: string): Run {
  const [before, after] = scenes[name]?.states() ?? [new Map<string, string>(), new Map<string, string>()];
  const [startedAt, used] = [performance.now(), process.cpuUsage()];
  const judgement = judge(before, after);
  text(reviewOf(judgement, []), { before, files: after, isColoured: false });
  const { user, system } = process.cpuUsage(used);
  return {
    seconds: (performance.now() - startedAt) / 1_000,
    processorSeconds: (user + system) / 1_000_000,
    mebibytes: process.resourceUsage().maxRSS / 1_024,
    findings: judgement.findings.length,
  };
}

/** Runs each scene three times in processes of their own, and prints the fastest run. True where all stay below their limits. */
function reportAll(): boolean {
  process.stdout.write('| change | seconds | processor seconds | MiB | limits |\n| --- | --- | --- | --- | --- |\n');
  return Object.entries(scenes)
    .map(([name, { says, limitSeconds, limitMiB }]) => {
      const runs = Array.from({ length: 3 }, () => inProcess(name)).toSorted((a, b) => a.seconds - b.seconds);
      const [{ seconds, processorSeconds, mebibytes } = inProcess(name)] = runs;
      process.stdout.write(
        `| ${says} | ${seconds.toFixed(2)} | ${processorSeconds.toFixed(2)} | ${mebibytes.toFixed(0)} | ${limitSeconds} s, ${limitMiB} MiB |\n`,
      );
      return seconds < limitSeconds && mebibytes < limitMiB;
    })
    .every((isFast) => isFast);
}

function inProcess(name: string): Run {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), name];
  const found: Run = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  return found;
}
