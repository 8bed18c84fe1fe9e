import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { SettingsError } from '../settings/sentences.ts';
import { application, gatewayApplication, linkAnnotations } from './argo/application.ts';
import { type GroupKind, isIn, project } from './argo/project.ts';
import { type Gateway, gatewayLabel, gatewayName, gatewayPlace, gatewaysOf, targetAddress } from './exposure.ts';
import { LosslessService } from './lossless/lossless-service.ts';
import { sharedGateway } from './lossless/traffic.ts';
import { manifestsPath, pinPath, type Pins } from './pins.ts';
import { applicationPath, type Project, projectPath, serviceFile, type Target } from './project.ts';
import { folderProblems, namespacedKinds } from './validate.ts';
import { renderYaml } from './yaml.ts';

/**
 * Every rendered file by its path in the repository: what runs for each target, and Argo CD's own objects. Throws a
 * {@link SettingsError} where a target's rollout does not hold, and for what an API server or Argo CD would refuse.
 */
export function render({ settings, targets }: Project, pins: Pins): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const problems: string[] = [];
  // Each cluster has an Argo CD of its own, and in its folder what is on that cluster.
  for (const argoFolder of new Set(targets.map((target) => target.argoFolder))) {
    const argo: unknown[] = [];
    const here = targets.filter((target) => target.argoFolder === argoFolder);
    for (const own of byService(here).values()) {
      const kinds: GroupKind[] = [];
      for (const target of own) {
        const rendered = renderTarget(settings.repository, target, pins);
        for (const [path, text] of rendered.files) files.set(path, text);
        kinds.push(...rendered.kinds.filter((kind) => !isIn(kinds, kind)));
        problems.push(...rendered.problems);
        const follower = application(settings.repository, target);
        files.set(applicationPath(target), renderYaml(['settings.ts', 'apps/argo/application.ts'], [follower]));
        argo.push(follower);
      }
      const permitted = project(settings.repository, own, kinds);
      files.set(projectPath(own[0]), renderYaml(['settings.ts', 'apps/argo/project.ts'], [permitted]));
      argo.push(permitted);
    }
    const gateways = gatewaysOf(here);
    const kinds: GroupKind[] = [];
    for (const gateway of gateways) {
      const rendered = renderGateway(gateway);
      for (const [path, text] of rendered.files) files.set(path, text);
      kinds.push(...rendered.kinds.filter((kind) => !isIn(kinds, kind)));
      problems.push(...rendered.problems);
      const follower = gatewayApplication(settings.repository, gateway);
      files.set(
        `${argoFolder}/${gateway.name}.yaml`,
        renderYaml(['settings.ts', 'apps/argo/application.ts'], [follower]),
      );
      argo.push(follower);
    }
    if (gateways.length > 0) {
      const places = gateways.map(({ name }) => ({ service: { name: gatewayName }, namespace: name }));
      const permitted = project(settings.repository, places, kinds);
      const file = `${argoFolder}/${gatewayName}.project.yaml`;
      files.set(file, renderYaml(['settings.ts', 'apps/argo/project.ts'], [permitted]));
      argo.push(permitted);
    }
    problems.push(...folderProblems(argo, null).map((problem) => `${argoFolder}/: ${problem}`));
  }
  if (problems.length > 0) throw new SettingsError(problems, undefined, null);
  return files;
}

/** Targets by their service, in the order of the settings. */
function byService(targets: readonly Target[]): ReadonlyMap<string, readonly [Target, ...Target[]]> {
  const found = new Map<string, readonly [Target, ...Target[]]>();
  for (const target of targets) {
    const before = found.get(target.service.name);
    found.set(target.service.name, before === undefined ? [target] : [...before, target]);
  }
  return found;
}

/** What is rendered of one folder, the kinds of that, and what is wrong with it. */
interface RenderedFolder {
  readonly files: ReadonlyMap<string, string>;
  readonly kinds: readonly GroupKind[];
  readonly problems: readonly string[];
}

/** The load balancer that the services of an environment share. */
function renderGateway(gateway: Gateway): RenderedFolder {
  const folder = manifestsPath(gateway.path);
  const [place, objects] = [namespaceDocuments(gateway.name, {}), sharedGateway(gateway)];
  return {
    files: new Map([
      [`${folder}/namespace.yaml`, renderYaml(['settings.ts', 'apps/render.ts'], place)],
      [`${folder}/${gatewayName}.yaml`, renderYaml(['settings.ts', 'apps/lossless/traffic.ts'], objects)],
    ]),
    kinds: namespacedKinds(objects),
    problems: folderProblems([...place, ...objects], gateway.name).map((problem) => `${folder}/: ${problem}`),
  };
}

/** What runs for one target. */
function renderTarget(repository: string, target: Target, pins: Pins): RenderedFolder {
  const { path, service, namespace } = target;
  const image = pins.get(path)?.image ?? null;
  const make = (reference: string | null): TargetDocuments =>
    targetDocuments(target, reference, linkAnnotations(repository, path));
  const documents = make(image);
  // A Deployment that comes with the first release is checked before it.
  const checked = image === null ? make(`${service.image}:unreleased@sha256:${'0'.repeat(64)}`) : documents;
  const folder = manifestsPath(path);
  const found = folderProblems([...checked.namespace, ...checked.service], namespace);
  return {
    files: new Map([
      [`${folder}/namespace.yaml`, renderYaml(['settings.ts', 'apps/render.ts'], documents.namespace)],
      [
        `${folder}/${service.name}.yaml`,
        renderYaml(['settings.ts', serviceFile(service.name), pinPath(path)], documents.service),
      ],
    ]),
    kinds: namespacedKinds(checked.service),
    problems: found.map((problem) => `${folder}/: ${problem}`),
  };
}

/** The label of the namespaces whose pods policy-controller looks at. */
const admittedLabel = 'policy.sigstore.dev/include';

// A version and not `latest`: an upgrade of the cluster must not refuse the pods of the next rollout.
const podSecurityVersion = 'v1.35';

/** A namespace that admits only pods within Pod Security `restricted`; `labels` are more of them. */
export function makeNamespace(
  scope: Construct,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): k8s.KubeNamespace {
  return new k8s.KubeNamespace(scope, 'namespace', {
    metadata: {
      name,
      labels: {
        ...labels,
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': podSecurityVersion,
      },
      // Losing this one file must not delete the service: Argo CD asks a person first.
      annotations: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
    },
  });
}

function namespaceDocuments(name: string, labels: Readonly<Record<string, string>>): readonly unknown[] {
  const chart = new Chart(new App(), 'namespace');
  makeNamespace(chart, name, labels);
  return chart.toJson();
}

/** The objects of one target, as they are rendered. */
export interface TargetDocuments {
  readonly namespace: readonly unknown[];
  readonly service: readonly unknown[];
}

/**
 * Makes the objects of one target. `image` is its pinned image, null before its first release; `annotations` are its Deployment's. Throws a
 * {@link SettingsError} that names the file and the environment where its rollout's arithmetic does not hold.
 */
export function targetDocuments(
  target: Target,
  image: string | null,
  annotations: Readonly<Record<string, string>>,
): TargetDocuments {
  const { service, environment, workload } = target;
  const serviceChart = new Chart(new App(), 'service');
  try {
    new LosslessService(serviceChart, service.name, {
      name: service.name,
      namespace: target.namespace,
      image,
      workload,
      entrance: {
        address: targetAddress(target),
        gateway: { name: gatewayName, namespace: gatewayPlace(target) },
      },
      annotations,
    });
  } catch (cause) {
    if (!(cause instanceof SettingsError)) throw cause;
    throw new SettingsError(
      cause.problems.map((problem) => `in ${environment.name}, ${problem}`),
      { cause },
      serviceFile(service.name),
    );
  }
  const more = (workload.objects ?? []).map((object) => ({
    ...object,
    metadata: { ...object.metadata, namespace: target.namespace },
  }));
  const labels = {
    ...(workload.exposure === 'gateway' && { [gatewayLabel]: environment.name }),
    ...(resolveGoogle(target.cluster.google).admission !== 'off' && { [admittedLabel]: 'true' }),
  };
  return { namespace: namespaceDocuments(target.namespace, labels), service: [...serviceChart.toJson(), ...more] };
}
