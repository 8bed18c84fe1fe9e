import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** A step of a job or of a composite action. */
interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly 'runs-on'?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly strategy?: { readonly 'fail-fast'?: boolean; readonly matrix?: Readonly<Record<string, unknown>> };
  readonly secrets?: Readonly<Record<string, string>> | string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Concurrency {
  readonly group?: string;
  readonly 'cancel-in-progress'?: boolean | string;
}

interface Trigger {
  readonly branches?: readonly string[];
  readonly paths?: readonly string[];
  readonly 'paths-ignore'?: readonly string[];
  readonly inputs?: Readonly<Record<string, { readonly type?: string; readonly options?: readonly string[] }>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

export interface Workflow {
  readonly on: Readonly<Record<string, Trigger | null>>;
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly concurrency?: Concurrency;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A file of .github/, as it is written and as it is read. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Null for a composite action. */
  readonly workflow: Workflow | null;
  readonly steps: readonly Step[];
}

/** Reads a workflow or a composite action. */
export function readSource(file: string, text: string): Source {
  const content: Partial<Workflow> & { runs?: { steps: Step[] } } = parse(text);
  if (content.runs !== undefined) return { file, text, workflow: null, steps: content.runs.steps };
  const { on = {}, jobs = {} } = content;
  return {
    file,
    text,
    workflow: { ...content, on, jobs },
    steps: Object.values(jobs).flatMap(({ steps = [] }) => steps),
  };
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => path.posix.join(directory, file.replaceAll('\\', '/')))
    .toSorted();
}

/** Every workflow and composite action of the repository. */
export const sources: readonly Source[] = ['.github/workflows', '.github/actions']
  .flatMap(filesUnder)
  .map((file) => readSource(file, readFileSync(file, 'utf8')));

/** One workflow by its file's name. */
export function workflow(name: string): Workflow {
  const found = sources.find(({ file }) => file === `.github/workflows/${name}.yaml`)?.workflow;
  if (found === null || found === undefined) throw new Error(`There is no workflow ${name}.`);
  return found;
}

/** What a job waits for. */
export function needs({ needs: before = [] }: Job): readonly string[] {
  return typeof before === 'string' ? [before] : before;
}
