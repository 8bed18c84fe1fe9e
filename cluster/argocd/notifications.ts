import { stringify } from 'yaml';
import { rehearsalLabel, serviceLink } from '../../apps/argo/application.ts';
import type { Google } from '../../settings/google/resolve.ts';
import type { JsonObject } from '../terraform-json.ts';
import { argoCdUrl } from './gateway.ts';
import { rootName } from './root.ts';
import { secretNames } from './secrets.ts';

// As release/commit-message.ts writes it.
const trailer = 'Source-Commit: ';

/**
 * Where an Application's status has the commit of its last operation. Argo CD leaves the result empty where it could not read the
 * manifests (argo-cd #29575), and writes a branch in the place of what it compared.
 */
const commitPaths = [
  ['operationState', 'syncResult', 'revision'],
  ['operationState', 'operation', 'sync', 'revision'],
  ['sync', 'revision'],
] as const;
const fullHash = '^[0-9a-f]{40}$';

/** The commit of the last operation, for a trigger (expr-lang.org); nil where the status has none. */
const commit = `find([${commitPaths.map((path) => `app.status.${path.join('?.')}`).join(', ')}], # matches '${fullHash}')`;

/** The same for a template (Go's text/template, with sprig's functions). */
const commitInTemplate = commitPaths
  .map((path) => `(regexFind "${fullHash}" (dig ${path.map((key) => `"${key}"`).join(' ')} "" .app.status))`)
  .join(' ');

/** The commit that a release was built from, as its trailer says; the synced commit itself where there is none. */
const sourceCommit =
  `{{ $commit := coalesce ${commitInTemplate} }}` +
  `{{ $trailer := regexFind "(?m)^${trailer}[0-9a-f]{40}$" (call .repo.GetCommitMetadata $commit).Message }}` +
  `{{ if $trailer }}{{ trimPrefix "${trailer}" $trailer }}{{ else }}{{ $commit }}{{ end }}`;

const environment = '{{ trimPrefix "manifests/" .app.spec.source.path }}';
const page = '{{ .context.argocdUrl }}/applications/{{ .app.metadata.name }}';

/** Where the service answers; nothing without a `url` in apps/services/. */
const url = `{{ range .app.spec.info }}{{ if eq .name "${serviceLink}" }}{{ .value }}{{ end }}{{ end }}`;

const startedAt = 'time.Parse(app.status.operationState.startedAt)';
const finishedAt = 'time.Parse(app.status.operationState.finishedAt)';
const changedAt = 'time.Parse(app.status.health.lastTransitionTime)';

/** Argo CD looks at health within seconds of a sync; what it says after so long, it says of the new state. */
const lookedAfterSeconds = 30;
/** As long as `verify` waits for one rollout. */
const rolloutMinutes = 15;

// Deployed means synced and then healthy, in this order (argo-cd, notifications catalog, on-deployed); or healthy before the sync
// has ended and looked at since: a commit that rolls no pods, or one whose last step prunes. Without the second look that would be
// true of each sync (argo-cd #22203).
const rolledOut =
  "app.status.operationState != nil and app.status.operationState.phase in ['Succeeded'] and " +
  `app.status.health.status == 'Healthy' and (!${changedAt}.Before(${finishedAt}) or ` +
  `time.Parse(app.status.reconciledAt).Sub(${finishedAt}).Seconds() >= ${lookedAfterSeconds})`;
const rollingOut =
  "app.status.operationState != nil and (app.status.operationState.phase in ['Running'] or " +
  "(app.status.operationState.phase in ['Succeeded'] and app.status.health.status == 'Progressing'))";
// A service that degrades days later has been rolled out all the same.
const failed =
  "app.status.operationState != nil and (app.status.operationState.phase in ['Error', 'Failed'] or " +
  `(app.status.operationState.phase in ['Succeeded'] and app.status.health.status == 'Degraded' and ` +
  `!${changedAt}.Before(${startedAt}) and ${changedAt}.Sub(${finishedAt}).Minutes() < ${rolloutMinutes}))`;

interface Report {
  readonly name: string;
  readonly when: string;
  readonly message: string;
  /** Of the commit, and of the deployment: GitHub has a word more for the latter. */
  readonly status: 'pending' | 'success' | 'failure';
  readonly deployment: 'in_progress' | 'success' | 'failure';
}

const reports: readonly Report[] = [
  {
    name: 'rolling-out',
    when: rollingOut,
    message: `Rolling out to ${environment}.`,
    status: 'pending',
    deployment: 'in_progress',
  },
  {
    name: 'rolled-out',
    when: rolledOut,
    message: `Rolled out to ${environment}.`,
    status: 'success',
    deployment: 'success',
  },
  {
    name: 'not-rolled-out',
    when: failed,
    message: `Not rolled out to ${environment}.`,
    status: 'failure',
    deployment: 'failure',
  },
];

function yaml(value: unknown): string {
  return stringify(value, { version: '1.1', lineWidth: 0 });
}

function template({ message, status, deployment }: Report): string {
  return yaml({
    message,
    github: {
      revisionPath: sourceCommit,
      status: { state: status, label: `rollout/${environment}`, targetURL: page },
      deployment: {
        state: deployment,
        environment,
        environmentURL: url,
        logURL: page,
        // A report of what happened needs no other check to pass, and merges nothing.
        requiredContexts: [],
        autoMerge: false,
      },
    },
  });
}

/** Reports each rollout on the commit it came from, as a status and a deployment; off without a GitHub App. */
export function notifications(google: Google): JsonObject {
  const app = google.github?.app;
  if (app === undefined) return { enabled: false };
  const notifier = {
    appID: Number(app.id),
    installationID: Number(app.installationId),
    privateKey: '$github-privateKey',
  };
  return {
    enabled: true,
    argocdUrl: argoCdUrl(google),
    secret: { create: false, name: secretNames.notifications },
    notifiers: { 'service.github': yaml(notifier) },
    // A rehearsal in the same cluster rolls out commits that are real, to no environment.
    subscriptions: [
      { recipients: ['github'], selector: `!${rehearsalLabel}`, triggers: reports.map(({ name }) => name) },
    ],
    templates: Object.fromEntries(reports.map((report) => [`template.${report.name}`, template(report)])),
    triggers: Object.fromEntries(
      reports.map(({ name, when }) => [
        `trigger.${name}`,
        // The root rolls nothing out, and GitHub keeps nothing without a commit. Once a commit: health goes up and down many times within one rollout.
        yaml([
          {
            when: `app.metadata.name != '${rootName}' and ${commit} != nil and ${when}`,
            send: [name],
            oncePer: commit,
          },
        ]),
      ]),
    ),
  };
}
