import type { Change } from './change.ts';

/**
 * Says what one change costs, why, and the way out; null where it costs nothing. The words follow the object's name and are
 * followed by how to allow it: "changes its selector from a to b. Kubernetes refuses that: add a second one instead".
 */
export type Rule = (change: Change) => string | null;
