import type { Ran } from 'zerodrop/program';

/** How a push ended. */
export type PushEnd =
  | { readonly kind: 'done' }
  /** Somebody else was first. */
  | { readonly kind: 'lost' }
  /** The remote has looked at it and said no: it would say so again. */
  | { readonly kind: 'refused'; readonly said: string }
  /** No answer came: the push may have arrived all the same. */
  | { readonly kind: 'broken'; readonly said: string };

// What a remote says where two pushes arrive in the same moment (git's receive-pack and refs backend).
const collision = /cannot lock ref|failed to (?:lock|update ref)|incorrect old value|reference already exists/;

/** Reads how `git push --porcelain` of one reference ended. */
export function pushEnd({ exitCode, stdout, stderr }: Pick<Ran, 'exitCode' | 'stdout' | 'stderr'>): PushEnd {
  if (exitCode === 0) return { kind: 'done' };
  const said = stderr.trim();
  const { by, reason = '' } = /^!\t\S+\t\[(?<by>[^\]]+)\](?: \((?<reason>.*)\))?$/m.exec(stdout)?.groups ?? {};
  if (by === 'rejected') return { kind: 'lost' };
  if (by !== 'remote rejected') return { kind: 'broken', said: said || 'git push ended without a word.' };
  if (collision.test(`${reason}\n${said}`)) return { kind: 'lost' };
  return { kind: 'refused', said: [remoteWords(said), reason].filter((text) => text !== '').join('\n') };
}

/** What the remote's side wrote, of all that git prints: its lines begin with `remote:` and are padded. */
function remoteWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.startsWith('remote:'));
  return lines
    .map((line) => line.slice('remote:'.length).trim())
    .filter((line) => line !== '')
    .join('\n');
}
