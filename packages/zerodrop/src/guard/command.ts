import { stickyComment } from '../comment.ts';
import { type Ended, UsageError } from '../errors.ts';
import { expectedOneOf, readOptions } from '../options.ts';
import { readConfiguration } from './configuration.ts';
import { allowances } from './exceptions.ts';
import { findingsOfTrailers, ineffectiveRule } from './finding.ts';
import { isProfile, profiles } from './finding.ts';
import { type Compared, judge } from './judge.ts';
import { formats, isFormat } from './report/formats.ts';
import { reviewOf } from './review.ts';
import { rules } from './rules/index.ts';
import { changeOf } from './source.ts';

const usage = `zerodrop guard --base REF [PATH...]
zerodrop guard --staged [PATH...]
zerodrop guard --before DIR --after DIR

Says which change of Kubernetes manifests costs requests or data, and refuses it. Compares what a branch has committed with
what it was branched off from, in the files below each PATH (everywhere); or two directories, such as the output of helm template or
kustomize build before and after a change.

  --base REF            what the branch is to be merged into, such as origin/main
  --head REF            the branch (HEAD)
  --staged              compares what is staged with HEAD, as a hook before a commit
  --before DIR          the manifests before the change
  --after DIR           the manifests after it
  --profile PROFILE     ${profiles.join(', ')}: what findings are measured by (any)
  --format FORMAT       ${Object.keys(formats).join(', ')} (text)
  --config FILE         profile and severities of rules (zerodrop.json or zerodrop.yaml in the repository's root)
  --directory DIR       anywhere in the repository (the current directory)
  --comment             keeps one comment of the pull request up to date, in a workflow on GitHub
  --rules               lists the rules

A commit allows a finding by a trailer in its message, Guard-Allowed: RULE Kind/name: why; an object allows it for as long as it
stands there by an annotation, zerodrop.dev/allow.RULE: why.

Exit: 0 nothing is refused, 1 something is refused, 2 wrong use, 3 the manifests could not be compared.
`;

const options = {
  base: { type: 'string' },
  head: { type: 'string', default: 'HEAD' },
  staged: { type: 'boolean', default: false },
  comment: { type: 'boolean', default: false },
  before: { type: 'string' },
  after: { type: 'string' },
  profile: { type: 'string' },
  format: { type: 'string', default: 'text' },
  config: { type: 'string' },
  directory: { type: 'string', default: '.' },
  rules: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** `zerodrop guard` */
export async function guardCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = readOptions(args, options);
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  if (values.rules) return { stdout: listOfRules(), stderr: '', exitCode: 0 };
  const { format } = values;
  if (!isFormat(format)) {
    throw new UsageError(`--format is ${JSON.stringify(format)}, ${expectedOneOf(Object.keys(formats), format)}`);
  }
  const change = await changeOf(values, positionals);
  const configuration = await readConfiguration(change.root, values.config, change.configuration);
  const profile = values.profile ?? configuration.profile ?? 'any';
  if (!isProfile(profile)) {
    throw new UsageError(`--profile is ${JSON.stringify(profile)}, ${expectedOneOf(profiles, profile)}`);
  }
  const judgement = judge(change.before, change.after, {
    profile,
    severities: configuration.severities,
    returning: await change.returning(),
  });
  const emptiness = whyEmpty(judgement.compared, values.after ?? positionals.join(', '));
  const { granted, ineffective } = allowances(await change.commits(), judgement.objects);
  const severity = configuration.severities[ineffectiveRule] ?? 'warn';
  const ofTrailers = severity === 'off' ? [] : findingsOfTrailers(ineffective, severity);
  let review = reviewOf(
    {
      findings: [...judgement.findings, ...ofTrailers],
      notes: [...judgement.notes, ...emptiness, ...leftOutInWords(await change.leftOut(), values.staged)],
      compared: judgement.compared,
    },
    granted,
    change.origin,
  );
  if (values.comment)
    review = {
      ...review,
      notes: [...review.notes, ...(await stickyComment('guard', formats.markdown(review), process.env))],
    };
  const isColoured = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  return {
    stdout: formats[format](review, { files: change.after, before: change.before, isColoured }),
    stderr: '',
    exitCode: review.refused.length > 0 ? 1 : 0,
  };
}

/** Why nothing was compared, for reviewers. Throws {@link UsageError} where the caller has named what holds no manifest. */
function whyEmpty({ files, unrendered }: Compared, named: string): readonly string[] {
  if (files > 0) return [];
  if (named === '') {
    return unrendered.length > 0
      ? []
      : ['There is no file with manifests, before or after the change: nothing was compared.'];
  }
  const why =
    unrendered.length > 0
      ? `${unrendered.join(', ')} is the input of Helm or Kustomize. Render it before and after the change, and compare with --before and --after.`
      : 'A manifest is a file .yaml, .yml or .json with apiVersion and kind. Name where they are.';
  throw new UsageError(`${named}: no manifest is there, before or after the change, so nothing was compared. ${why}`);
}

/** Changes of the working copy that were not compared, for whoever believes that they were. */
function leftOutInWords(files: readonly string[], isStaged: boolean): readonly string[] {
  if (files.length === 0) return [];
  const some = files.slice(0, 5).join(', ') + (files.length > 5 ? ` and ${files.length - 5} more` : '');
  const [state, remedy] = isStaged
    ? ['staged', 'Stage them to compare them.']
    : ['committed', 'Commit them, or stage them and compare with --staged.'];
  return [`Not compared, because it is not ${state}: ${some}. ${remedy}`];
}

function listOfRules(): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  const lines = rules.map(
    ({ id, title, severity }) =>
      `${id.padEnd(width)}  ${severity.lossless.padEnd(6)}  ${severity.any.padEnd(6)}  ${title}`,
  );
  return `${['rule'.padEnd(width), 'lossless', 'any'].join('  ')}\n${lines.join('\n')}\n`;
}
