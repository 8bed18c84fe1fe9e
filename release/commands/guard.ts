import type { Ended } from 'zerodrop/command';
import { guardCommand as judge } from 'zerodrop/guard';
import { readArguments, required } from '../options.ts';
import { findWorkingCopy } from '../target.ts';

const usage = `npm run release -- guard --base REF [options]

Says whether merging a branch into REF would cost requests or data. It is zerodrop guard (packages/zerodrop), by the profile lossless
and on what Argo CD applies, manifests/ and argocd/. docs/concepts/guard.md tells how to allow a finding, and docs/concepts/guard.md#the-rules where the
rules are. For two folders there is npx --no zerodrop guard --before DIR --after DIR.

  --base REF            what the branch is to be merged into, such as origin/main
  --head REF            the branch (HEAD)
  --format FORMAT       text, json, github, sarif, markdown (text)
  --directory DIR       anywhere in the clone (the current directory)

Exit: 0 nothing is refused, 1 something is refused, 2 wrong use, 3 the commits could not be compared, 130 interrupted.
`;

/** `npm run release -- guard` */
export async function guardCommand(args: readonly string[]): Promise<Ended> {
  const values = readArguments(
    args,
    {
      base: { type: 'string' },
      head: { type: 'string', default: 'HEAD' },
      format: { type: 'string', default: 'text' },
      directory: { type: 'string', default: '.' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    'guard ',
  );
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const { head, format } = values;
  const base = required('--base', values.base, 'what the branch is to be merged into, such as origin/main');
  const asked = Object.entries({
    base,
    head,
    format,
    profile: 'lossless',
    directory: await findWorkingCopy(values.directory),
  });
  const options = asked.map(([name, value]) => `--${name}=${value}`);
  return judge([...options, 'manifests', 'argocd']);
}
