import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import { isRecord } from '../record.ts';
import type { Field } from './field.ts';
import type { ManifestObject } from './object.ts';
import type { Labels } from './selection.ts';

/** A port on which a container of a pod listens. */
export interface ServedPort {
  readonly number: number;
  readonly name: string | undefined;
  readonly protocol: string;
}

/** An object that starts pods. */
export class Workload {
  readonly object: ManifestObject;
  readonly template: Field<IPodTemplateSpec>;

  constructor(object: ManifestObject, template: Field<IPodTemplateSpec>) {
    this.object = object;
    this.template = template;
  }

  get kind(): string {
    return this.object.kind;
  }

  /** True where its pods run until they are replaced; a Job's end by themselves. */
  get runsOn(): boolean {
    return this.object.is('apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'argoproj.io/Rollout');
  }

  get pod(): Field<IPodSpec> {
    return this.template.at('spec');
  }

  get labels(): Labels {
    const { value } = this.template.at('metadata', 'labels');
    return isRecord(value) ? value : {};
  }

  /** The containers that run as long as the pod, native sidecars included. */
  get containers(): readonly Field<IContainer>[] {
    const sidecars = this.pod
      .at('initContainers')
      .items()
      .filter((container) => container.at('restartPolicy').value === 'Always');
    return [...this.pod.at('containers').items(), ...sidecars];
  }

  get everyContainer(): readonly Field<IContainer>[] {
    return [...this.pod.at('initContainers').items(), ...this.pod.at('containers').items()];
  }

  get ports(): readonly ServedPort[] {
    return this.containers
      .flatMap((container) => container.at('ports').items())
      .flatMap((port) => {
        const number = port.at('containerPort').number;
        if (number === undefined) return [];
        return [{ number, name: port.at('name').text, protocol: port.at('protocol').text ?? 'TCP' }];
      });
  }

  /** The field that says how many pods there are; null for a kind that has none. */
  get replicas(): Field<number | undefined> | null {
    if (!this.object.is('apps/Deployment', 'apps/StatefulSet', 'argoproj.io/Rollout', 'apps/ReplicaSet')) return null;
    return this.object.field('spec', 'replicas');
  }
}

/** The pods that an object starts; null where it starts none. */
export function workloadOf(object: ManifestObject): Workload | null {
  const template =
    object.as('apps/Deployment')?.at('spec', 'template') ??
    object.as('apps/StatefulSet')?.at('spec', 'template') ??
    object.as('apps/DaemonSet')?.at('spec', 'template') ??
    object.as('apps/ReplicaSet')?.at('spec', 'template') ??
    object.as('argoproj.io/Rollout')?.at('spec', 'template') ??
    object.as('batch/Job')?.at('spec', 'template') ??
    object.as('batch/CronJob')?.at('spec', 'jobTemplate', 'spec', 'template') ??
    // A pod has what a template has: metadata and spec.
    object.as('/Pod');
  return template === null ? null : new Workload(object, template);
}

/** How sentences call an entry of a list: by its name, or by its place where it has none. */
export function entryName(entry: Field<unknown>): string {
  return entry.loose('name').text ?? `no. ${Number(entry.keys.at(-1) ?? 0) + 1}`;
}
