import derived from './recreating/fields.json' with { type: 'json' };

/** A field that can't be changed in place. */
export interface RecreatingField {
  /** As in the JSON: `private_cluster_config.master_ipv4_cidr_block`. */
  readonly path: string;
  /** Where not every change counts: on from true to false; blocks that come or go; a range that gets narrower. */
  readonly only?: 'turned off' | 'added or removed' | 'narrowed';
}

/** A field as recreating/fields.json has it: `node_config (added or removed)`. */
export function fieldText({ path, only }: RecreatingField): string {
  return only === undefined ? path : `${path} (${only})`;
}

function field(text: string): RecreatingField {
  const [path = '', rest = ''] = text.split(' (');
  const only = (['turned off', 'added or removed', 'narrowed'] as const).find((known) => rest === `${known})`);
  return only === undefined ? { path } : { path, only };
}

/**
 * What forces re-creation, by resource type, for every type that cluster/policy/expected/ lets a stack have. Derived from
 * the source of the pinned providers by recreating/main.ts; docs/reference/what-recreates-the-cluster.md says what it would cost.
 */
export const recreatingFields: Readonly<Record<string, readonly RecreatingField[]>> = Object.fromEntries(
  Object.entries(derived.fields).map(([type, texts]) => [type, texts.map(field)]),
);

const right = 'a right moves from one moment to the next, and cluster/policy/expected/ says which rights there may be';

/** What is made anew without a loss, and why. */
export const replaceable: Readonly<Record<string, string>> = {
  google_project_service: 'a service stays on when its resource goes (disable_on_destroy is false)',
  google_project_iam_member: right,
  google_service_account_iam_member: right,
  google_storage_bucket_iam_member: right,
  google_artifact_registry_repository_iam_member: right,
  google_billing_budget: 'it mails, and holds nothing',
};
