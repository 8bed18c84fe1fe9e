import type { Ended } from 'zerodrop/command';
import { UsageError } from 'zerodrop/errors';
import { millisecondsOf } from 'zerodrop/options';
import { findCommit } from 'zerodrop/verify';
import { loadProject } from '../../apps/project.ts';
import { contextOf } from '../../settings/google/resolve.ts';
import { pushOptions, readArguments, requiredEnvironment, surroundingsOf } from '../options.ts';
import { requireTarget } from '../publish/render.ts';
import { readTarget } from '../verify/go-back.ts';
import { mainOf, verifiedReport, verifyTarget } from '../verify/verify.ts';

const usage = `npm run release -- verify --environment NAME [options]

Waits until Argo CD has rolled a commit out: synced, every pod new and available, the last old pod gone. Then checks that the
environment's url in apps/services/ answers as that version. Fails when something of the commit has failed for 20 s, such as a crash loop or
an image that can't be pulled, and quotes the cluster. With autoRollback in settings.ts it reverts a failed release on the remote's main.

  --environment NAME    one of settings.ts
  --service NAME        one of settings.ts; may be left out where there is one
  --commit COMMIT       the commit to verify (HEAD, and then nothing is rolled back)
  --receipt FILE        where the receipt is written: what receipts.rate of settings.ts sends to the url, and what was lost
  --context NAME        of the kubeconfig (the current one; with several clusters, the target's as gcloud names it)
  --within-seconds N    how long to wait for each rollout (as long as pods get ready, 25 minutes for all)
  --remote NAME         the remote whose main Argo CD follows (origin)
  --directory DIR       a folder in the clone (the current directory)

Exit: 0 rolled out, 1 not rolled out or requests were lost, whether rolled back or not, 2 wrong use, 3 the cluster or the clone can't be reached, 130 interrupted.
`;

/** `npm run release -- verify` */
export async function verifyCommand(args: readonly string[], signal: AbortSignal): Promise<Ended> {
  const values = readArguments(
    args,
    {
      environment: { type: 'string' },
      service: { type: 'string' },
      commit: { type: 'string' },
      receipt: { type: 'string' },
      context: { type: 'string' },
      'within-seconds': { type: 'string' },
      remote: pushOptions.remote,
      directory: pushOptions.directory,
      help: pushOptions.help,
    },
    'verify ',
  );
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const environment = await requiredEnvironment('--environment', values.environment, values.directory);
  const { 'within-seconds': within } = values;
  // The bound of the option is one of the rollout; a rollback's push has its own.
  const pushing = { ...values, 'within-seconds': pushOptions['within-seconds'].default };
  const surroundings = await surroundingsOf(pushing, signal);
  const { directory, remote } = surroundings;
  const project = await loadProject(directory, values.service);
  const target = requireTarget({ environment, service: values.service }, project);
  const commit = await findCommit(mainOf(surroundings), values.commit ?? 'HEAD');
  if (commit === null) {
    throw new UsageError(
      `--commit is ${JSON.stringify(values.commit)}, which is no commit here, nor on main at ${remote}.`,
    );
  }
  const expected = await readTarget(directory, target.path, commit);
  if (expected === null) {
    return {
      stdout: `${environment} has no release at ${commit.slice(0, 7)}: nothing to verify.\n`,
      stderr: '',
      exitCode: 0,
    };
  }
  const verified = await verifyTarget(values.context ?? contextOf(project.settings, target.cluster), {
    environment,
    target,
    expected,
    isNamed: values.commit !== undefined,
    withinMs: within === undefined ? null : millisecondsOf('--within-seconds', within),
    surroundings,
    receiptFile: values.receipt ?? null,
    tell: (line) => process.stderr.write(`${environment}: ${line}\n`),
  });
  return verifiedReport(environment, target.workload.url ?? null, verified);
}
