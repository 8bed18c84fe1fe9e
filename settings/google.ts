import { z } from 'zod';
import { addressRange } from './google/network.ts';
import { isLabel, labelRule, object, oneOf } from './sentences.ts';

// A service account's id has at most 30 characters, and the longest made here is `<name>-verify`.
const longestName = 23;

// 1 and 2 GB: GKE's own pods leave no room there for Argo CD or a surge pod.
const tooSmall = new Set(['e2-micro', 'e2-small', 'f1-micro', 'g1-small']);

const yesOrNo = z.boolean(', expected true or false.');

// What goes by several settings is checked once each is right, so what is wrong here ends the checks.
function matching(pattern: RegExp, message: string): z.ZodString {
  return z.string(message).regex(pattern, { message, abort: true });
}

function whole(least: number, most: number, message: string): z.ZodNumber {
  return z.number(message).refine((value) => Number.isSafeInteger(value) && value >= least && value <= most, {
    message,
    abort: true,
  });
}

/** A number of GitHub's or Google's, which is text: it may be longer than JavaScript counts. */
function digits(remedy: string): z.ZodString {
  return matching(/^[1-9]\d{0,19}$/, `, expected digits in quotes${remedy}`);
}

/** Where addresses come from, as CIDR ranges. They must not overlap, and the last two can't be changed without a new cluster. */
const network = object(
  {
    /** One address a node. */
    nodes: addressRange('10.10.0.0/24').exactOptional(),
    /** A /24 a node. */
    pods: addressRange('10.244.0.0/14').exactOptional(),
    /** One address a Service. */
    services: addressRange('10.248.0.0/20').exactOptional(),
    /** The proxies of a regional Gateway, which nothing else needs. */
    proxies: addressRange('10.11.0.0/23').exactOptional(),
  },
  'nodes, pods, services, proxies',
);

/** The machines that pods run on. */
const nodes = object(
  {
    machineType: matching(
      /^[a-z]+\d*[a-z]*-[a-z]+(?:-[a-z0-9]+)*$/,
      ", expected a machine type such as 'e2-standard-2'.",
    )
      .refine((type) => !tooSmall.has(type), ", which GKE's own pods fill. Use e2-medium or larger.")
      .exactOptional(),
    /** In each zone: a production cluster has three of them. */
    minimumPerZone: whole(
      1,
      1_000,
      ', expected a whole number of 1 or more: a cluster without nodes serves nobody.',
    ).exactOptional(),
    maximumPerZone: whole(1, 1_000, ', expected a whole number of 1 or more.').exactOptional(),
    diskGb: whole(20, 65_536, ', expected whole gigabytes of 20 or more: images and logs have to fit.').exactOptional(),
    /** Cheap machines that Google takes back with 30 seconds' notice: requests in flight are lost then. For demos only. */
    spot: yesOrNo.exactOptional(),
  },
  'machineType, minimumPerZone, maximumPerZone, diskGb, spot',
);

const askGitHub = ". Ask GitHub: gh api repos/OWNER/NAME --jq '.owner.id, .id'.";
const asShown = ", as the app's settings page shows them.";

/** The repository in GitHub's own numbers, which survive a rename: `gh api repos/OWNER/NAME --jq '.owner.id, .id'`. */
const github = object(
  {
    ownerId: digits(askGitHub),
    repositoryId: digits(askGitHub),
    /** A GitHub App of the owner's: Argo CD reads a private repository with it, and reports rollouts on commits. */
    app: object({ id: digits(asShown), installationId: digits(asShown) }, 'id and installationId').exactOptional(),
  },
  'ownerId and repositoryId',
);

const gitHubName = matching(
  /^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/,
  ', expected what GitHub calls it: letters, digits, hyphens.',
);

/** How Argo CD runs and how people reach it. */
const argocd = object(
  {
    /** Needs two nodes; on in a production cluster unless said. */
    highAvailability: yesOrNo.exactOptional(),
    /** A host name of the owner's: makes Argo CD public at it through Gateway. Port-forward only, unless said. */
    domain: matching(
      /^(?=.{4,64}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
      ", expected a host name of yours such as 'argocd.example.com'.",
    ).exactOptional(),
    /** Sign-in with GitHub, for the members of one organisation. Turns the built-in admin off, and is required with a domain. */
    singleSignOn: object(
      {
        organisation: gitHubName,
        /** The slug of the team whose members may do everything; the others may look. */
        adminTeam: gitHubName,
        /** Of the OAuth app; its secret is in Secret Manager. */
        clientId: gitHubName,
      },
      'organisation, adminTeam, clientId',
    ).exactOptional(),
  },
  'highAvailability, domain, singleSignOn',
);

/** Mails the billing account's administrators at 50, 90 and 100 % of an amount. It stops nothing. */
const budget = object(
  {
    billingAccount: matching(
      /^[0-9A-F]{6}(?:-[0-9A-F]{6}){2}$/,
      ', expected XXXXXX-XXXXXX-XXXXXX. List yours: gcloud billing accounts list.',
    ),
    projectNumber: digits(": gcloud projects describe PROJECT --format='value(projectNumber)'."),
    /** In whole units of the billing account's own currency. */
    monthlyAmount: whole(
      1,
      Number.MAX_SAFE_INTEGER,
      ", expected whole units of the billing account's currency, 1 or more.",
    ),
  },
  'billingAccount, projectNumber and monthlyAmount',
);

const notGoogles = ", but Google reserves names with 'goog'. Choose another.";

/**
 * Where a cluster is at Google, and what of it one owner decides, each by itself. Only `project` and `region` have no default.
 * google/resolve.ts checks what goes by several.
 */
export const google = object(
  {
    project: matching(
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      ', expected a project id: 6 to 30 lower case letters, digits and hyphens, a letter first.',
    ),
    region: matching(/^[a-z]+-[a-z]+\d{1,2}$/, ", expected a region such as 'europe-west1', not a zone."),
    /** `production` is regional with a highly available Argo CD, and the default; `demo` is one zone with few nodes. */
    size: oneOf(['production', 'demo']).exactOptional(),
    /** Begins the name of everything that is made. */
    name: z
      .string(nameMessage())
      .refine((text) => isLabel(text, longestName), { message: nameMessage(), abort: true })
      .refine(
        (text) => !/^gcp(?:-|$)/.test(text),
        ", but Google reserves names of identity pools that begin with 'gcp-'. Choose another.",
      )
      .exactOptional(),
    /** Of a demo cluster; the region's zone b unless said. */
    zone: z.string(", expected a zone of google.region such as 'europe-west1-b'.").exactOptional(),
    /** Holds Terraform's state; `<project>-<name>-state` unless said. All of Google's customers share one set of names. */
    stateBucket: matching(
      /^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$/,
      ', expected 3 to 63 lower case letters, digits, hyphens and underscores.',
    )
      .refine((bucket) => !bucket.includes('goog'), notGoogles)
      .exactOptional(),
    network: network.exactOptional(),
    nodes: nodes.exactOptional(),
    /** Without it, no workflow gets an identity at Google: people build, push and apply. */
    github: github.exactOptional(),
    argocd: argocd.exactOptional(),
    budget: budget.exactOptional(),
    /** What happens to an image of ours that the release workflow has not signed: `warn` unless said. */
    admission: oneOf(['off', 'warn', 'enforce']).exactOptional(),
    /** Where alerts of services go that promise something (`slo`); to Google's console alone unless said. */
    alertEmail: z.email(", expected an address such as 'oncall@example.com'.").exactOptional(),
    /** When the six hours of maintenance on Tuesdays, Wednesdays and Thursdays begin; 18 unless said. */
    maintenanceHourUtc: whole(0, 23, ', expected a whole hour from 0 to 23.').exactOptional(),
    /** True only while taking everything down: lifts the protection against deletion, and `npm run check` refuses it. */
    teardown: z.boolean(', expected true while taking everything down, or nothing.').exactOptional(),
    /** Changes that make Google destroy a cluster or its nodes, allowed by the names that `npm run check` prints. */
    allowRecreation: z.array(z.string(namesOfChanges()), namesOfChanges()).readonly().exactOptional(),
  },
  'project and region',
);

export type GoogleSettings = z.output<typeof google>;
export type GitHubSettings = z.output<typeof github>;
export type BudgetSettings = z.output<typeof budget>;

function nameMessage(): string {
  return `, expected a name of ${labelRule(longestName)}: a service account's id, such as <name>-verify, has at most 30.`;
}

function namesOfChanges(): string {
  return ', expected a list of the names that npm run check prints.';
}
