import type { JsonObject } from '../../terraform-json.ts';
import { at } from '../../terraform-json.ts';
import type { Shape, ShapeObject } from '../shape.ts';
import { because, given, yaml } from '../shape.ts';

const reports = [
  { name: 'rolling-out', status: 'pending', deployment: 'in_progress' },
  { name: 'rolled-out', status: 'success', deployment: 'success' },
  { name: 'not-rolled-out', status: 'failure', deployment: 'failure' },
];

// Filled in by Argo CD, which knows the App's private key, and readable on GitHub.
const said = because(/^(?:(?!secrets)[^])+$/, 'a report could hold a secret');

function template({ status, deployment }: (typeof reports)[number]): Shape {
  return yaml({
    message: said,
    github: {
      revisionPath: said,
      status: { state: status, label: said, targetURL: said },
      deployment: {
        state: deployment,
        environment: said,
        logURL: said,
        requiredContexts: [],
        autoMerge: because(false, 'a report would merge a branch'),
      },
    },
  });
}

/** Reports on GitHub and nowhere else: three, each of what happened. */
export function expectedNotifications(values: JsonObject, url: string): ShapeObject {
  const enabled = at(values, 'notifications.enabled') === true;
  const each = (prefix: string, shape: (report: (typeof reports)[number]) => Shape) =>
    Object.fromEntries(reports.map((report) => [`${prefix}.${report.name}`, shape(report)]));
  return {
    enabled,
    ...given(enabled, {
      argocdUrl: url,
      secret: { create: false, name: 'argocd-notifications-secret' },
      notifiers: { 'service.github': /^appID: \d+\ninstallationID: \d+\nprivateKey: \$github-privateKey\n$/ },
      subscriptions: [
        { recipients: ['github'], selector: '!zerodrop/rehearsal', triggers: reports.map(({ name }) => name) },
      ],
      templates: each('template', template),
      triggers: each('trigger', ({ name }) => yaml([{ when: /./, send: [name], oncePer: /./ }])),
    }),
  };
}
