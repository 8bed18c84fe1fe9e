import type { Images } from './images.ts';
import { containersOf, type Container, type Files, isArgo, type Manifest, mapObjects } from './manifest.ts';
import type { Play } from './play.ts';

/** What is put in place of the names of the pages' examples. */
export interface Place {
  /** In place of `shop`, and the name of the Application and its project. */
  readonly name: string;
  readonly images: Images;
  /** What stands in place of https://git.example/shop. */
  readonly repository: string;
  /** The node port of port 80 of the Service `web`; null until it has one. */
  readonly nodePort: number | null;
}

/** Twice the time that kube-proxy needs for an endpoint that goes while both processors of the lab are busy. */
const drainMs = '10000';

/** The same files for a namespace of the lab, with images that it has. */
export function adapt(files: Files, place: Place, play: Play): Files {
  const named = mapObjects(files, (object) => adapted(object, place, play));
  return new Map(
    [...named].map(([file, content]) => [file, typeof content === 'string' ? renamed(content, place) : content]),
  );
}

function renamed(text: string, { name, nodePort }: Place): string {
  return text
    .replaceAll('namespace: shop', `namespace: ${name}`)
    .replaceAll('port: 80,', nodePort === null ? 'port: 80,' : `port: 80, nodePort: ${nodePort},`);
}

function adapted(object: Manifest, place: Place, play: Play): Manifest {
  const { kind, metadata } = object;
  if (metadata.namespace === 'shop') metadata.namespace = place.name;
  if (kind === 'Namespace' && metadata.name === 'shop') metadata.name = place.name;
  if (isArgo(object)) return argoObject(object, place);
  if (kind === 'Service' && metadata.name === 'web') pinNodePort(object, place.nodePort);
  // Without a cloud a Service of the other type never gets its address: to Argo CD it is never healthy, and PruneLast waits for ever.
  if (kind === 'Service' && play.by === 'Argo CD' && object.spec?.type === 'LoadBalancer')
    object.spec.type = 'NodePort';
  for (const container of containersOf(object)) adaptContainer(container, place.images, play);
  return object;
}

function argoObject(object: Manifest, place: Place): Manifest {
  const text = JSON.stringify(object)
    .replaceAll('https://git.example/shop', place.repository)
    .replaceAll('"namespace":"shop"', `"namespace":"${place.name}"`)
    .replaceAll('"project":"web"', `"project":"${place.name}"`);
  const named = JSON.parse(text) as Manifest;
  named.metadata.name = place.name;
  return named;
}

function pinNodePort({ spec }: Manifest, nodePort: number | null): void {
  if (nodePort === null || spec?.type === 'ClusterIP') return;
  for (const port of spec?.ports ?? []) if (port.port === 80) port.nodePort = nodePort;
}

function adaptContainer(container: Container, images: Images, play: Play): void {
  const image = container.image ?? '';
  if (image.includes('/report:')) container.image = images.report;
  else if (image.includes('/web:moving')) container.image = images.moving;
  else if (image.includes('/web:1.0.0')) container.image = images.v1;
  else if (image.includes('/web:1.1.0')) container.image = play.badRelease === true ? images.bad : images.v2;
  const ports = container.ports?.map(({ containerPort }) => containerPort).join(',');
  const variables = {
    ...(ports === undefined ? {} : { PORTS: ports }),
    ...(play.endsAtOnce === true ? {} : { DRAIN_MS: drainMs }),
    ...play.environment,
  };
  const own = container.env ?? [];
  const added = Object.entries(variables).filter(([name]) => !own.some((variable) => variable.name === name));
  container.env = [...own, ...added.map(([name, value]) => ({ name, value }))];
  // Every 10 s, as Kubernetes asks where nothing is said, a rollout would take minutes.
  if (container.readinessProbe !== undefined) container.readinessProbe['periodSeconds'] ??= 1;
}
