import { argoCdProblems } from './google/check-argocd.ts';
import { budgetProblems, flagProblems, gitHubProblems } from './google/check-choices.ts';
import { nameProblems, placeProblems } from './google/check-names.ts';
import { networkProblems } from './google/check-network.ts';
import { nodeProblems } from './google/check-nodes.ts';
import { isRecord, says, unknownKeys } from './value.ts';

/** How much cluster: `production` is regional with a highly available Argo CD, `demo` is one zone with few nodes. */
export type ClusterSize = 'production' | 'demo';

/** Where addresses come from, as CIDR ranges. They must not overlap, and the last two can't be changed without a new cluster. */
export interface NetworkSettings {
  /** One address a node; 10.10.0.0/24 unless said. */
  readonly nodes?: string;
  /** A /24 a node; 10.244.0.0/14 unless said. */
  readonly pods?: string;
  /** One address a Service; 10.248.0.0/20 unless said. */
  readonly services?: string;
}

/** The machines that pods run on. */
export interface NodeSettings {
  readonly machineType?: string;
  /** In each zone: a production cluster has three of them. */
  readonly minimumPerZone?: number;
  readonly maximumPerZone?: number;
  readonly diskGb?: number;
  /** Cheap machines that Google takes back with 30 seconds' notice: requests in flight are lost then. For demos only. */
  readonly spot?: boolean;
}

/** A GitHub App of the owner's: Argo CD reads a private repository with it, and reports rollouts on commits. */
export interface GitHubAppSettings {
  readonly id: string;
  readonly installationId: string;
}

/** The repository in GitHub's own numbers, which survive a rename: `gh api repos/OWNER/NAME --jq '.owner.id, .id'`. */
export interface GitHubSettings {
  readonly ownerId: string;
  readonly repositoryId: string;
  readonly app?: GitHubAppSettings;
}

/** Sign-in to Argo CD with GitHub, for the members of one organisation. */
export interface SingleSignOnSettings {
  readonly organisation: string;
  /** The slug of the team whose members may do everything; the others may look. */
  readonly adminTeam: string;
  /** Of the OAuth app; its secret is in Secret Manager. */
  readonly clientId: string;
}

/** How Argo CD runs and how people reach it. */
export interface ArgoCdSettings {
  /** Needs two nodes; on in a production cluster unless said. */
  readonly highAvailability?: boolean;
  /** A host name of the owner's: makes Argo CD public at it through Gateway. Port-forward only, unless said. */
  readonly domain?: string;
  /** Turns the built-in admin off. Required with a domain. */
  readonly singleSignOn?: SingleSignOnSettings;
}

/** Mails the billing account's administrators at 50, 90 and 100 % of an amount. It stops nothing. */
export interface BudgetSettings {
  /** `XXXXXX-XXXXXX-XXXXXX` */
  readonly billingAccount: string;
  readonly projectNumber: string;
  /** In whole units of the billing account's own currency. */
  readonly monthlyAmount: number;
}

/** Where the cluster lives, and what of it one owner decides. Only `project` and `region` have no default. */
export interface GoogleSettings {
  readonly project: string;
  readonly region: string;
  /** `production` unless said. */
  readonly size?: ClusterSize;
  /** Begins the name of everything that is made; `zerodrop` unless said. */
  readonly name?: string;
  /** Of a demo cluster; the region's zone b unless said. */
  readonly zone?: string;
  /** Holds Terraform's state; `<project>-<name>-state` unless said. All of Google's customers share one set of names. */
  readonly stateBucket?: string;
  readonly network?: NetworkSettings;
  readonly nodes?: NodeSettings;
  /** Without it, no workflow gets an identity at Google: people build, push and apply. */
  readonly github?: GitHubSettings;
  readonly argocd?: ArgoCdSettings;
  readonly budget?: BudgetSettings;
  /** When the six hours of maintenance on Tuesdays, Wednesdays and Thursdays begin; 18 unless said. */
  readonly maintenanceHourUtc?: number;
  /** True only while taking everything down: lifts the protection against deletion, and `npm run check` refuses it. */
  readonly teardown?: boolean;
  /** Changes that make Google destroy a cluster or its nodes, allowed by the names that `npm run check` prints. */
  readonly allowRecreation?: readonly string[];
}

export const googleKeys = [
  'project',
  'region',
  'size',
  'name',
  'zone',
  'stateBucket',
  'network',
  'nodes',
  'github',
  'argocd',
  'budget',
  'maintenanceHourUtc',
  'teardown',
  'allowRecreation',
];

function* problems(google: unknown): Generator<string> {
  if (!isRecord(google)) {
    yield `google ${says(google)}, expected an object with project and region.`;
    return;
  }
  yield* unknownKeys('google.', google, googleKeys);
  yield* placeProblems(google);
  yield* nameProblems(google);
  yield* nodeProblems(google);
  yield* networkProblems(google);
  yield* argoCdProblems(google);
  yield* gitHubProblems(google['github']);
  yield* budgetProblems(google['budget']);
  yield* flagProblems(google);
}

/** What is wrong with the Google part of the settings, a sentence each with the setting's name and the remedy. */
export function checkGoogle(google: unknown): string[] {
  return [...problems(google)];
}
