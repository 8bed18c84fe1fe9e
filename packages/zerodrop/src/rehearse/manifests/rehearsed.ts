import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { type Application, isApplication, isProject, readApplication } from '../embedded/argo-cd/application.ts';
import { serviceContainer } from './changes.ts';
import { readObjects } from './folder.ts';
import { at, type Manifest } from './object.ts';

/** What Argo CD applies for one environment: its Application, and what that one's folder holds. */
export interface Rehearsed {
  readonly application: Application;
  /** The rendered objects as they stand. */
  readonly rendered: { readonly application: Manifest; readonly project: Manifest | null };
  readonly deployment: Manifest;
  /** The name of the Service that leads to the Deployment's pods, else the Deployment's. */
  readonly service: string;
  /** The image repository, without tag and digest. */
  readonly image: string;
}

/** The Applications of a clone, by name. */
export async function applicationsIn(directory: string, folder: string): Promise<readonly Manifest[]> {
  const objects = await readObjects(path.join(directory, folder));
  return objects.filter(isApplication).toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
}

/**
 * The name of the Application that an environment's name stands for: the Application's own, or the value of its label `environment`;
 * the first where none is named. Throws {@link UsageError} with those that there are.
 */
export function chosenApplication(applications: readonly Manifest[], named: string | null): string {
  const names = applications.map(({ metadata }) => metadata.name);
  const labels = applications.map(({ metadata }) => at(metadata, 'labels', 'environment'));
  const [found, ...more] = names.filter((name, index) => named === null || name === named || labels[index] === named);
  if (found === undefined) {
    throw new UsageError(
      named === null
        ? 'There is no Application of Argo CD to rehearse. Name the folder that holds it by --applications.'
        : `--environment is ${JSON.stringify(named)}, but there are ${names.map((name, index) => labels[index] ?? name).join(', ')}.`,
    );
  }
  if (named !== null && names.includes(named)) return named;
  if (named !== null && more.length > 0) {
    throw new UsageError(
      `--environment ${named} is that of ${[found, ...more].join(' and ')}. Name one of these instead.`,
    );
  }
  return found;
}

/** Reads an Application and its folder; null where the folder has no Deployment yet. */
export async function readRehearsed(directory: string, folder: string, name: string): Promise<Rehearsed | null> {
  const objects = await readObjects(path.join(directory, folder));
  const rendered = objects.filter(isApplication).find(({ metadata }) => metadata.name === name);
  if (rendered === undefined) throw new Error(`${folder} has no Application ${name} any more.`);
  const application = readApplication(rendered);
  const manifests = await readObjects(path.join(directory, application.path));
  const deployment = manifests.find(({ kind }) => kind === 'Deployment');
  if (deployment === undefined) return null;
  const project = objects.filter(isProject).find(({ metadata }) => metadata.name === application.project) ?? null;
  const { service } = scopeOf(application.destination.namespace, manifests);
  return {
    application,
    rendered: { application: rendered, project },
    deployment,
    service: service ?? deployment.metadata.name,
    image: repositoryOf(String(serviceContainer(deployment)?.['image'] ?? '')),
  };
}

/** Whether the folder of an Application has a Service. */
export async function hasService(directory: string, folder: string, name: string): Promise<boolean> {
  const rendered = (await applicationsIn(directory, folder)).find(({ metadata }) => metadata.name === name);
  if (rendered === undefined) return false;
  const objects = await readObjects(path.join(directory, readApplication(rendered).path));
  return objects.some(({ kind }) => kind === 'Service');
}

/** An image reference without tag and digest. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

/** What is told of: the namespace of one environment, and what its manifests call the rest. */
export interface Scope {
  readonly namespace: string;
  readonly deployment: string | null;
  readonly service: string | null;
}

/** Finds the Deployment that is rolled out, and the Service that leads to its pods; any Service where there is none to lead to. */
export function scopeOf(namespace: string, manifests: readonly Manifest[]): Scope {
  const deployment = manifests.find(({ kind }) => kind === 'Deployment');
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const service = services.find((one) => leadsTo(one, deployment)) ?? services[0];
  return { namespace, deployment: deployment?.metadata.name ?? null, service: service?.metadata.name ?? null };
}

function leadsTo(service: Manifest, deployment: Manifest | undefined): boolean {
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  const selector = Object.entries(at(service, 'spec', 'selector') ?? {});
  return selector.length > 0 && selector.every(([label, value]) => at(labels, label) === value);
}
