import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { field, listField } from './field.ts';

/** How a step of a workflow ended. */
export interface StepEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What it wrote for the steps after it. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Each line of stderr, and when it came, in milliseconds from the step's start. */
  readonly heard: readonly { readonly line: string; readonly atMs: number }[];
}

/** The script of the one step of a job in a workflow of .github/workflows/ that holds these words. */
export function stepScript(file: string, job: string, words: string): string {
  const workflow: unknown = parse(readFileSync(`.github/workflows/${file}.yaml`, 'utf8'));
  const scripts = listField(workflow, 'jobs', job, 'steps').map((step) => field(step, 'run'));
  const found = scripts.filter((script) => typeof script === 'string' && script.includes(words));
  const [script] = found;
  if (typeof script !== 'string' || found.length > 1) {
    throw new Error(`${file}.yaml has ${found.length} steps in ${job} with "${words}", and one is expected.`);
  }
  return script;
}

/** Runs a step's script as a runner does, in a fresh checkout of main. */
export async function runStep(
  script: string,
  checkout: string,
  environment: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<StepEnd> {
  const outputFile = path.join(path.dirname(checkout), 'github-output');
  await rm(outputFile, { force: true });
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: checkout,
    env: { ...environment, GITHUB_OUTPUT: outputFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const begunAt = Date.now();
  const heard: { line: string; atMs: number }[] = [];
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const line of text.split('\n').filter((part) => part !== '')) {
      heard.push({ line, atMs: Date.now() - begunAt });
      tell(line);
    }
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const written = await readFile(outputFile, 'utf8').catch(() => '');
  const outputs = new Map(
    written
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return { exitCode, stdout, stderr, outputs, heard };
}
