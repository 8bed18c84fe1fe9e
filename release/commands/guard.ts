import { rules } from '../guard/rules.ts';
import { readArguments, required } from '../options.ts';
import type { Report } from '../outcome.ts';
import { formats, isFormat } from '../review/formats.ts';
import { review } from '../review/review.ts';
import { findWorkingCopy } from '../working-copy.ts';
import { WrongUse } from '../wrong-use.ts';

const usage = `npm run release -- guard --base REF [options]

Says whether merging a branch into REF would cost requests or data. Compares manifests/ and argocd/ as the branch has them committed
with what it was branched off from, and reads both from git: the working copy may have anything checked out. docs/guard.md tells what goes wrong without each rule, and the way out.

  --base REF            what the branch is to be merged into, such as origin/main
  --head REF            the branch (HEAD)
  --format FORMAT       ${Object.keys(formats).join(', ')} (text)
  --directory DIR       anywhere in the clone (the current directory)

A commit of the branch lets a rule be broken by a trailer in its message, Guard-Allowed: RULE: why.

Rules: ${Object.keys(rules).join(', ')}.

Exit: 0 nothing is refused, 1 something is, 2 wrong use, 3 the commits could not be compared.
`;

/** `npm run release -- guard` */
export async function guardCommand(args: readonly string[]): Promise<Report> {
  const values = readArguments(args, {
    base: { type: 'string' },
    head: { type: 'string', default: 'HEAD' },
    format: { type: 'string', default: 'text' },
    directory: { type: 'string', default: '.' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const base = required('--base', values.base, 'what the branch is to be merged into, such as origin/main');
  if (!isFormat(values.format)) {
    throw new WrongUse(
      `--format is ${JSON.stringify(values.format)}, expected one of ${Object.keys(formats).join(', ')}.`,
    );
  }
  const reviewed = await review(await findWorkingCopy(values.directory), base, values.head);
  return { stdout: formats[values.format](reviewed), stderr: '', exitCode: reviewed.standing.length > 0 ? 1 : 0 };
}
