import type { Ended } from 'zerodrop/command';
import { UsageError } from 'zerodrop/errors';
import { commitHash } from 'zerodrop/options';
import type { Refusal } from '../guard.ts';
import {
  allowance,
  pushOptions,
  pushUsage,
  readArguments,
  required,
  requiredEnvironment,
  surroundingsOf,
  unpushedLine,
} from '../options.ts';
import { decisionWords, frozenReport, parseImageReference, refusedReport } from '../outcome.ts';
import { publish, type Published, publishHere } from '../publish/publish.ts';

const usage = `npm run release -- publish --environment NAME --image NAME:TAG@DIGEST --source COMMIT [options]

Releases an image on the newest main of the remote and pushes it, from a temporary worktree: your branch, index and files
are not touched. Starts over on the newer main when somebody else pushes first. Prints the commit; and none where the release is older than what is
pinned, or was rolled back. With --no-push it makes the same commit on your branch, which has to be clean, and you push it.

  --environment NAME    one of settings.ts
  --service NAME        one of settings.ts; may be left out where there is one
  --image REFERENCE     name:tag@sha256:..., of the image repository in settings.ts
  --source COMMIT       the commit that the image was built from, all 40 digits
  --again               releases also what was rolled back
  --despite-freeze      with --no-push, releases also into a frozen environment: for a rehearsal, whose commit nobody pushes
  --no-push             makes the commit on the current branch, and leaves the push to you
  --outputs             prints commit=COMMIT and pushed=true or false, as the outputs of a workflow's step
${pushUsage}

Exit: 0 pushed or nothing to do, 1 the guard refused, 2 wrong use, 3 it did not get through, 5 the environment is
frozen, 130 interrupted.
`;

/** `npm run release -- publish` */
export async function publishCommand(args: readonly string[], signal: AbortSignal): Promise<Ended> {
  const values = readArguments(
    args,
    {
      ...pushOptions,
      environment: { type: 'string' },
      service: { type: 'string' },
      image: { type: 'string' },
      source: { type: 'string' },
      again: { type: 'boolean', default: false },
      'despite-freeze': { type: 'boolean', default: false },
      'no-push': { type: 'boolean', default: false },
      outputs: { type: 'boolean', default: false },
    },
    'publish ',
  );
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const request = {
    environment: await requiredEnvironment('--environment', values.environment, values.directory),
    service: values.service,
    image: parseImageReference(required('--image', values.image, 'name:tag@sha256:...')),
    source: commitHash('--source', required('--source', values.source, 'the commit that the image was built from')),
    allowance: allowance(values.allow ?? [], values.because),
    again: values.again,
    despiteFreeze: values['despite-freeze'],
  };
  if (values['despite-freeze'] && !values['no-push']) {
    throw new UsageError(
      '--despite-freeze is for a commit that nobody pushes: add --no-push. To release now, merge a change of settings.ts that removes the freeze.',
    );
  }
  if (values['no-push'] && values.outputs) {
    throw new UsageError(
      '--outputs says whether this run has pushed, and --no-push pushes nothing. Leave one of them out.',
    );
  }
  const surroundings = await surroundingsOf(values, signal);
  if (!values['no-push']) process.stderr.write(await unpushedLine(surroundings));
  const published = await (values['no-push'] ? publishHere : publish)(request, surroundings);
  const said = publishReport(request.environment, published);
  return values.outputs ? { ...said, stdout: stepOutputs(published, said.stdout.trim()) } : said;
}

/** Whether it was pushed by this run: what was there before may have run for long, and is watched with more caution. */
export function stepOutputs({ kind }: Published, commit: string): string {
  return `commit=${commit}\npushed=${kind === 'published'}\n`;
}

/** On stdout the commit that is to be watched, or nothing; the sentences on stderr. */
export function publishReport(environment: string, published: Published): Ended {
  switch (published.kind) {
    case 'refused':
      return refusedReport(published.refusals);
    case 'frozen':
      return frozenReport(environment, published.freeze);
    case 'published':
      return { stdout: `${published.commit}\n`, stderr: allowedLines(published.allowed), exitCode: 0 };
    case 'unchanged':
      return {
        stdout: published.commit === null ? '' : `${published.commit}\n`,
        stderr: `Nothing to commit: ${environment} has it already.\n`,
        exitCode: 0,
      };
    default:
      return { stdout: '', stderr: decisionWords(environment, published), exitCode: 0 };
  }
}

/** What the guard found and was told to let pass. */
export function allowedLines(allowed: readonly Refusal[]): string {
  return allowed.map(({ rule, path, object }) => `Allowed ${rule}: ${path}: ${object}\n`).join('');
}
