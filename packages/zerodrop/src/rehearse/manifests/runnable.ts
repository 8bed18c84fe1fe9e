import { at, type Fields, isFields, listAt, textAt } from './object.ts';

/**
 * What the embedded cluster has nothing for is put where it is no hindrance to it, and taken from there by what runs the pods: init
 * containers into an annotation, and the command of a hook, which it gives no time, into a request to a port of the pod's own.
 */

const initAnnotation = 'zerodrop/init-containers';
const hookHeader = 'zerodrop-exec';
const hooks = ['preStop', 'postStart'] as const;

/** A Deployment, or a merge patch of one, as the embedded cluster runs it. */
export function toRunnable<T extends Fields>(deployment: T): T {
  const pod = at(deployment, 'spec', 'template', 'spec');
  if (!isFields(pod)) return deployment;
  const { initContainers, ...others } = pod;
  const value = initContainers === null ? null : JSON.stringify(initContainers);
  return withTemplate(deployment, mapped(others, toRequests), (annotations) =>
    'initContainers' in pod ? { ...annotations, [initAnnotation]: value } : annotations,
  );
}

/** The Deployment as it is committed. */
export function fromRunnable<T extends Fields>(deployment: T): T {
  const template = at(deployment, 'spec', 'template');
  const pod = at(template, 'spec');
  if (!isFields(pod)) return deployment;
  const initContainers = initContainersOf(template);
  const shown = mapped(pod, fromRequests);
  return withTemplate(deployment, initContainers === null ? shown : { ...shown, initContainers }, (annotations) =>
    Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== initAnnotation)),
  );
}

/** The init containers that an annotation of a pod holds; null where there are none. */
export function initContainersOf(pod: unknown): unknown {
  const text = textAt(pod, 'metadata', 'annotations', initAnnotation);
  return text === undefined ? null : JSON.parse(text);
}

/** A command of a hook, and the port of the pod at which it is asked for. */
export interface Hook {
  readonly port: number;
  readonly command: readonly string[];
}

/** The commands of the hooks of a container as the embedded cluster runs it. */
export function hooksOf(container: unknown): readonly Hook[] {
  return hooks.flatMap((hook) => {
    const request = at(container, 'lifecycle', hook, 'httpGet');
    const header = listAt(request, 'httpHeaders')?.find(({ name }) => name === hookHeader);
    return header === undefined
      ? []
      : [{ port: Number(at(request, 'port')), command: JSON.parse(String(header['value'])) }];
  });
}

function mapped(pod: Fields, change: (container: Fields, index: number) => Fields): Fields {
  const containers = listAt(pod, 'containers');
  return containers === undefined ? pod : { ...pod, containers: containers.map(change) };
}

function toRequests(container: Fields, index: number): Fields {
  return withHooks(container, (handler, which) => {
    const command = at(handler, 'exec', 'command');
    if (command === undefined) return handler;
    const port = 65_535 - hooks.length * index - which;
    return { httpGet: { path: '/', port, httpHeaders: [{ name: hookHeader, value: JSON.stringify(command) }] } };
  });
}

function fromRequests(container: Fields): Fields {
  const found = hooksOf(container);
  return withHooks(container, (handler) => {
    const hook = found.find(({ port }) => port === at(handler, 'httpGet', 'port'));
    return hook === undefined ? handler : { exec: { command: hook.command } };
  });
}

function withHooks(container: Fields, change: (handler: Fields, which: number) => Fields): Fields {
  const { lifecycle } = container;
  if (!isFields(lifecycle)) return container;
  const changed = hooks.flatMap((hook, which) => {
    const handler = lifecycle[hook];
    return isFields(handler) ? [[hook, change(handler, which)] as const] : [];
  });
  return { ...container, lifecycle: { ...lifecycle, ...Object.fromEntries(changed) } };
}

function withTemplate<T extends Fields>(object: T, pod: Fields, change: (annotations: Fields) => Fields): T {
  const { spec } = object;
  const template = at(spec, 'template');
  const metadata = at(template, 'metadata');
  const before = at(metadata, 'annotations');
  const annotations = change(isFields(before) ? before : {});
  const { annotations: _, ...named } = isFields(metadata) ? metadata : {};
  return {
    ...object,
    spec: {
      ...(isFields(spec) ? spec : {}),
      template: {
        ...(isFields(template) ? template : {}),
        metadata: { ...named, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
        spec: pod,
      },
    },
  };
}
