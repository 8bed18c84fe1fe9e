import { OperationError, UsageError } from 'zerodrop/errors';
import { filesAt } from 'zerodrop/files';
import { parsePin, PinError } from '../apps/pins.ts';
import { type Signer, signerOf } from '../cluster/identities.ts';
import { pageOf, shownAddress } from '../github/address.ts';
import { askCosign } from '../release/receipts.ts';
import { readImage } from '../settings/image.ts';
import { loadSettings } from '../settings/load.ts';
import { type Ended, readArguments, requiredCommit } from './command.ts';
import { changedFiles, hasHad } from './rollback.ts';

/** What a change makes of one pin file. */
interface Pinned {
  readonly path: string;
  /** By its digest, as cosign takes it: the tag decides nothing. Null where the file is no pin. */
  readonly image: string | null;
  /** Why it is no pin; empty for one. */
  readonly problem: string;
}

// Of every service and environment, those of the settings that main does not know yet among them.
const pinFile = /^apps\/images\/[^/]+(?:\/[^/]+)?\.json$/;

/**
 * The pins that a change brings in and main never had, in the order of git. What ran once may come back without a question: a registry
 * that does not answer must not hold up a rollback.
 */
async function newPins(directory: string, base: string, head: string): Promise<readonly Pinned[]> {
  const changed = (await changedFiles(directory, base, head)).filter(({ path }) => pinFile.test(path));
  const found: Pinned[] = [];
  for (const { path, mode, blob } of changed) {
    if (mode === '000000' || (await hasHad(directory, base, path, blob))) continue;
    const text = (await filesAt(directory, head, path)).get(path);
    found.push(pinned(path, typeof text === 'string' ? text : null));
  }
  return found;
}

function pinned(path: string, text: string | null): Pinned {
  if (text === null) return { path, image: null, problem: `${path} is not a regular file. Restore it from git.` };
  try {
    const read = readImage(parsePin(text, path).image);
    if (typeof read === 'string') return { path, image: null, problem: `${path}: image is ${read}` };
    return { path, image: `${read.repository}@${read.digest}`, problem: '' };
  } catch (error) {
    if (!(error instanceof PinError)) throw error;
    return { path, image: null, problem: error.message };
  }
}

/** What cosign says of an image: `open` where it could not find out. */
interface Answer {
  readonly kind: 'signed' | 'refused' | 'open';
  readonly words: string;
}

/** cosign's exit codes for what it has found out (its doc/cosign.md, "Exit codes"); any other one says that it could not. */
const refusals: Readonly<Record<number, string>> = {
  10: 'has no signature',
  11: 'is not in the registry',
  12: 'has no signature of this workflow',
  13: 'has a signature without a certificate',
};

async function ask(image: string, by: Signer): Promise<Answer> {
  const { exitCode, said } = await askCosign(['verify'], by, image);
  if (exitCode === 0) return { kind: 'signed', words: '' };
  const refusal = exitCode === null ? undefined : refusals[exitCode];
  return { kind: refusal === undefined ? 'open' : 'refused', words: refusal ?? said };
}

/** Who has to have signed: the workflow of the repository that runs this, or else of the settings. Throws {@link UsageError} where neither is at GitHub. */
export function signerFrom(repository: string, environment: NodeJS.ProcessEnv): Signer {
  const page = pageOf(repository, environment);
  if (page !== null) return signerOf(page);
  throw new UsageError(
    `The repository ${shownAddress(repository)} is not at GitHub, so no workflow there has signed an image. Set GITHUB_SERVER_URL and GITHUB_REPOSITORY to where the images are built.`,
  );
}

/** What to do where nobody knows whose an image is. */
const advice =
  'If the registry refuses to answer, apply the bootstrap and platform stacks, which let the identity plan read images, and set the variable GOOGLE_WORKLOAD_IDENTITY_PROVIDER. Else run this again.';

/**
 * Whether this signer has signed each image that a change pins and main never had. Throws {@link OperationError} where nobody knows: the
 * registry or Sigstore does not answer.
 */
export async function signatures(directory: string, base: string, head: string, by: Signer): Promise<Ended> {
  const pins = await newPins(directory, base, head);
  if (pins.length === 0) return { stdout: 'This change pins no image that main never had.\n', problems: [] };
  const problems: string[] = [];
  const open: string[] = [];
  let stdout = '';
  for (const { path, image, problem } of pins) {
    if (image === null) {
      problems.push(problem);
      continue;
    }
    const { kind, words } = await ask(image, by);
    if (kind === 'signed') stdout += `${path}: ${image} is signed by ${by.subject}.\n`;
    else if (kind === 'refused') {
      problems.push(
        `${path}: ${image} ${words}, expected one by ${by.subject}. Pin an image that the workflow release has built on main.`,
      );
    } else open.push(`${path}: cosign could not find out who has signed ${image}: ${words}`);
  }
  const unknown = open.length === 0 ? [] : [...open, advice];
  if (problems.length === 0 && open.length > 0) throw new OperationError(unknown.join('\n'));
  return { stdout, problems: [...problems, ...unknown] };
}

/** `signatures --base COMMIT --head COMMIT`: whether the release workflow has signed each image that a change pins and main never had. */
export async function signaturesCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { base: { type: 'string' }, head: { type: 'string' } });
  const [base, head] = [requiredCommit('--base', values.base), requiredCommit('--head', values.head)];
  const { repository } = await loadSettings('.');
  return signatures('.', base, head, signerFrom(repository, process.env));
}
