import type { Ended as Ran } from 'zerodrop/command';
import { noCommand } from 'zerodrop/options';
import { failureOf } from '../settings/load.ts';
import { changesCommand, pinnedCommand } from './changes.ts';
import type { Ended } from './command.ts';
import { commentCommand, reportCommand } from './comment.ts';
import { doctorCommand, setupCommand } from './doctor/doctor.ts';
import { driftCommand, installedCommand } from './drift.ts';
import { imageCommand } from './image/published.ts';
import { addressCommand, clustersCommand, namesCommand } from './names.ts';
import { receiptCommand } from './receipt.ts';
import { frozenCommand, newestCommand, releasesCommand } from './releases.ts';
import { licencesCommand, summaryCommand } from './summary.ts';
import { applyCommand, planCommand } from './terraform.ts';

/** What `--help` prints. */
export const usage = `npm run pipeline -- COMMAND

What the workflows in .github/ need beyond the other commands. Outputs of a step and Markdown go to stdout.

  address --app SLUG                             what the release App commits with
  names [--environment NAME | --cluster NAME]    identities and places of a cluster; of the images' without
  clusters                                       the clusters of settings.ts, as a JSON list
  pinned                                         what runs at the ends of the chains, as a JSON list
  rollback --base COMMIT --head COMMIT           whether a change only brings back what main had
  signatures --base COMMIT --head COMMIT         whether the release workflow has signed what a change pins
  changes --since COMMIT                         services and targets that changed, and what to rehearse
  releases [--all] [--service NAME]              what is to be released of HEAD, as a JSON list
  frozen [--base COMMIT --head COMMIT]           environments that are frozen, and whether a change releases into one
  newest --service NAME                          what of one service a run that waited is to release
  receipt --file FILE --environment NAME         reports what a rollout lost, and says what of it is to be signed
  image --service NAME --source COMMIT           name, tag and, where it is published, digest of a commit's image
  plan STACK --out DIR [--expect-unchanged]      saves Terraform's plan, its text and a report
  installed                                      compares what Helm installed with what is there
  drift DIR                                      what differs from git, as one issue while anything does
  apply STACK --plan FILE --sha256 DIGITS        applies the plan that was approved
  comment STACK --plan FILE --pull-request N     writes a plan under a pull request, over the former one
  report DIR [--pull-request N]                  what the checks of a pull request say, and under it as one comment
  summary DIR                                    a rehearsal's report, with a picture that GitHub draws
  licences                                       of every package in the lockfile

For people, with the logins of gh and gcloud:

  doctor [--json]                                what is missing for a working pipeline, each with what mends it
  setup [--yes] [--turn-on] [--json]             sets at GitHub what .github/ says, and asks before it does; makes the App that
                                                 releases, in a browser; --turn-on lets the workflows in;
                                                 --expect-unchanged only compares
  up STACK [--yes]                               applies bootstrap, platform or argocd: shows what it would do, and asks; run
                                                 again, it goes on where it ended

--cluster NAME says of which cluster of settings.ts, and may be left out where there is one: plan, apply, comment, installed, up.

Exit: 0 done, 1 the answer is no, 2 wrong use, 3 a tool or a service failed.
`;

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<Ended>>> = {
  names: namesCommand,
  clusters: clustersCommand,
  // Loaded when it is asked for: no other command renders, and that is half of what there is to load.
  rollback: async (args) => (await import('./rollback.ts')).rollbackCommand(args),
  signatures: async (args) => (await import('./signatures.ts')).signaturesCommand(args),
  changes: changesCommand,
  releases: releasesCommand,
  newest: newestCommand,
  frozen: (args) => frozenCommand(args),
  image: imageCommand,
  pinned: pinnedCommand,
  receipt: receiptCommand,
  plan: planCommand,
  address: addressCommand,
  installed: installedCommand,
  drift: driftCommand,
  apply: applyCommand,
  comment: commentCommand,
  report: reportCommand,
  summary: summaryCommand,
  licences: licencesCommand,
  doctor: doctorCommand,
  setup: setupCommand,
  up: async (args) => (await import('./up.ts')).upCommand(args),
};

/** Runs one command of the pipeline. Throws nothing: a fault of ours ends with its stack. */
export async function run([name = '--help', ...args]: readonly string[]): Promise<Ran> {
  if ([name, ...args].some((word) => word === '--help' || word === '-h'))
    return { stdout: usage, stderr: '', exitCode: 0 };
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw noCommand(name, Object.keys(commands), 'npm run pipeline -- --help');
    const { stdout, problems } = await command(args);
    return {
      stdout,
      stderr: problems.map((problem) => `${problem}\n`).join(''),
      exitCode: problems.length === 0 ? 0 : 1,
    };
  } catch (error) {
    return failureOf(error, 'pipeline');
  }
}
