import type { Refusal } from '../../../../release/guard/guard.ts';
import type { Review } from '../../../../release/review/review.ts';

const refusal: Refusal = {
  rule: 'replicas-lost',
  path: 'manifests/staging/web.yaml',
  line: 41,
  object: 'Deployment web-staging/web',
  says: 'asks for 1 replicas, 100% too few <now>: raise replicas',
  sentence: 'not of interest here',
};

/** Reviews of all kinds. */
export const nothing: Review = { standing: [], allowed: [], notes: [] };
export const refused: Review = { standing: [refusal], allowed: [], notes: ['A note, 100% true.'] };
export const allowed: Review = {
  standing: [],
  allowed: [{ ...refusal, allowance: { rule: 'replicas-lost', because: 'nobody *uses* it', commit: 'a1b2c3d' } }],
  notes: [],
};
