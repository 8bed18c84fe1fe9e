import type { Stacks } from '../../terraform-json.ts';
import { textAt } from '../../terraform-json.ts';

/** What the owner has decided, as the stacks have it: each value has one place here, and is expected everywhere else. */
export interface Owner {
  readonly project: string;
  readonly region: string;
  /** The region, or a zone of it. */
  readonly location: string;
  /** Begins the name of everything. */
  readonly name: string;
  readonly stateBucket: string;
}

/** Reads the owner's decisions from the stack `platform`. */
export function ownerOf(stacks: Stacks): Owner {
  const platform = stacks.get('platform');
  const cluster = 'resource.google_container_cluster.cluster';
  return {
    project: textAt(platform, 'provider.google.project'),
    region: textAt(platform, 'provider.google.region'),
    location: textAt(platform, `${cluster}.location`),
    name: textAt(platform, `${cluster}.name`),
    stateBucket: textAt(platform, 'terraform.backend.gcs.bucket'),
  };
}

/** The address of one of the owner's service accounts. */
export function account({ name, project }: Owner, identity: string): string {
  return `${name}-${identity}@${project}.iam.gserviceaccount.com`;
}
