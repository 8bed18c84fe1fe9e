import { App, Chart } from 'cdk8s';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { LosslessService, type LosslessServiceProps } from '../../../apps/lossless/lossless-service.ts';
import type { Workload } from '../../../apps/workload/schema.ts';
import { renderYaml } from '../../../apps/yaml.ts';

export const image = `example.com/web:v1@sha256:${'0'.repeat(64)}`;
export const place = { name: 'web', namespace: 'web-production', image };
export const web = { replicas: 3, exposure: 'load-balancer' } as const;

/** The rendered objects by kind, read back from their YAML as Argo CD would. */
export function rendered(
  workload: Workload,
  reference: string | null = image,
  entrance: LosslessServiceProps['entrance'] = {},
): ReadonlyMap<string, { readonly metadata: object; readonly spec: object }> {
  const chart = new Chart(new App(), 'chart');
  const { rollout } = new LosslessService(chart, 'any-id', { ...place, image: reference, workload, entrance });
  expect(rollout.replicas).toBe(workload.replicas ?? null);
  const documents = parseAllDocuments(renderYaml(['a test'], chart.toJson())).map((document) => document.toJS());
  return new Map(documents.map((document) => [document.kind, document]));
}
