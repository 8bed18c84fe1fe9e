import { isDeepStrictEqual } from 'node:util';
import { field } from '../field.ts';
import { isApplication } from '../kinds.ts';
import type { ObjectRule } from '../rule.ts';

/** What an application reads, where it applies it, and what it may. */
const places = [
  ['spec', 'source', 'repoURL'],
  ['spec', 'source', 'targetRevision'],
  ['spec', 'source', 'path'],
  ['spec', 'source'],
  ['spec', 'sources'],
  ['spec', 'destination'],
  ['spec', 'project'],
];

/** Argo CD makes the cluster like the new place at once, whatever is there. */
export const applicationMoved: ObjectRule = ({ before, after }) => {
  if (!isApplication(before) || !isApplication(after)) return null;
  const at = places.find((keys) => !isDeepStrictEqual(field(before.document, ...keys), field(after.document, ...keys)));
  if (at === undefined) return null;
  const [old, next] = [before, after].map(({ document }) => says(field(document, ...at)));
  return {
    says: `changes its ${at.slice(1).join('.')} from ${old} to ${next}. What only the old place has is pruned or left behind as soon as this is merged: have both hold the same first`,
    at,
  };
};

function says(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}
