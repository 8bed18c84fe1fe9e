import { DataGoogleContainerCluster } from '@cdktf/provider-google/lib/data-google-container-cluster/index.js';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider/index.js';
import { Release } from '@cdktf/provider-helm/lib/release/index.js';
import type { App, TerraformStack } from 'cdktf';
import { argoNamespace } from '../../apps/argo/application.ts';
import { valuesYaml } from '../../apps/yaml.ts';
import { admissionObjects, admissionOf, controllerValues } from '../argocd/admission.ts';
import { appsValues, whole } from '../argocd/root.ts';
import { argoCdValues } from '../argocd/values.ts';
import type { ClusterProject } from '../cluster-project.ts';
import { admissionNamespace } from '../identities.ts';
import { create, openStack } from '../stack.ts';
import type { JsonObject } from '../terraform-json.ts';
import {
  argoCdAppsChartVersion,
  argoCdChartVersion,
  argoCdRepository,
  policyControllerChartVersion,
  policyControllerRepository,
} from '../versions.ts';

/** Values as YAML instead of JSON: a plan shows the lines that change. */
function chartValues(values: JsonObject): string[] {
  return [valuesYaml(values)];
}

/** Argo CD and its root application. From here on, git decides what runs. */
export function argocd(app: App, cluster: ClusterProject): TerraformStack {
  const { google } = cluster;
  const stack = openStack(app, 'argocd', google);
  // By name, which settings.ts knows: a provider configured from a resource of the same apply is not reliable
  // (kubernetes provider, "Stacking with managed Kubernetes cluster resources").
  const found = create(DataGoogleContainerCluster, stack, 'cluster', {
    name: google.name,
    location: google.location,
  });
  const endpoint = found.controlPlaneEndpointsConfig.get(0).dnsEndpointConfig.get(0).endpoint;
  create(HelmProvider, stack, 'helm', {
    // What a release holds is no secret, and in a Secret a plan could not read it without reading all others.
    helmDriver: 'configmap',
    kubernetes: {
      // No cluster CA: the DNS name ends at Google's front end, which has a public certificate.
      host: `https://${endpoint}`,
      exec: {
        // Asks for a token each time: one in the configuration would stand in the state.
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        command: 'gke-gcloud-auth-plugin',
        args: ['--use_application_default_credentials'],
      },
    },
  });
  const release = create(Release, stack, 'argocd', {
    name: 'argocd',
    repository: argoCdRepository,
    chart: 'argo-cd',
    version: argoCdChartVersion,
    namespace: argoNamespace,
    createNamespace: true,
    // All of it or what was there before.
    atomic: true,
    wait: true,
    timeout: 900,
    maxHistory: 5,
    // A namespace may be there already, from a time when Argo CD alone made it.
    takeOwnership: true,
    values: chartValues(argoCdValues(cluster)),
  });
  // Argo CD makes its project `default` by itself, before this release does.
  argoObjects(stack, 'root', appsValues(cluster), release);
  admission(stack, cluster);
  return stack;
}

/** What asks, whenever a pod is to start, whether the release workflow has signed its image: the controller, and its policy. */
function admission(stack: TerraformStack, cluster: ClusterProject): void {
  const wanted = admissionOf(cluster);
  if (wanted === null) return;
  const controller = create(Release, stack, 'policy_controller', {
    name: 'policy-controller',
    repository: policyControllerRepository,
    chart: 'policy-controller',
    version: policyControllerChartVersion,
    namespace: admissionNamespace,
    createNamespace: true,
    atomic: true,
    wait: true,
    timeout: 600,
    maxHistory: 5,
    // Its one hook runs an image without a digest, to delete what goes with the namespace.
    disableWebhooks: true,
    values: chartValues(controllerValues(cluster.google)),
  });
  // Helm makes the namespace of the first by itself.
  argoObjects(stack, 'admission', { itemTemplates: admissionObjects(cluster, wanted).map(whole) }, controller);
}

/**
 * Objects that another release brings the kinds of, as a release of their own: in the first they fail, because their kind comes with it. What
 * is there by itself before is taken over.
 */
function argoObjects(stack: TerraformStack, name: string, values: JsonObject, after: Release): void {
  create(Release, stack, name, {
    name,
    repository: argoCdRepository,
    chart: 'argocd-apps',
    version: argoCdAppsChartVersion,
    namespace: argoNamespace,
    atomic: true,
    wait: true,
    maxHistory: 5,
    takeOwnership: true,
    values: chartValues(values),
    dependsOn: [after],
  });
}
