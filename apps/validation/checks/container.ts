import { imageFault } from '../../../settings/image.ts';
import { isRecord, says } from '../../../settings/sentences.ts';
import {
  amountFault,
  at,
  type Fields,
  type Finding,
  items,
  labelFault,
  portNameFault,
  readQuantity,
  texts,
  variableFault,
} from '../grammar.ts';

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

/** A container: its name, its variables, the names of its ports, and that its probes ask at a port that it has. */
export function* containerFindings(container: Fields): Generator<Finding> {
  const nameFault = labelFault(container['name']);
  if (nameFault !== null) yield { path: 'name', says: nameFault };
  const { image } = container;
  // The API server takes any text without a space before or after it, and the kubelet says InvalidImageName.
  const wrong = typeof image === 'string' ? imageFault(image) : null;
  if (image === undefined) yield { path: 'image', says: 'is missing. Add it' };
  if (wrong !== null) yield { path: 'image', says: `${says(image)}, ${wrong.replace(/\.$/, '')}` };
  const ports = items(container['ports']);
  const names = new Set<unknown>();
  for (const [index, { name }] of ports) {
    if (name === undefined || name === '') continue;
    const fault = portNameFault(name);
    if (fault !== null) yield { path: `ports[${index}].name`, says: fault };
    if (names.has(name))
      yield { path: `ports[${index}].name`, says: `${says(name)}, the name of another port as well. Name each apart` };
    names.add(name);
  }
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    if (isRecord(container[probe])) yield* containerProbeFindings(probe, container[probe], names);
  }
  for (const hook of ['postStart', 'preStop']) {
    const handler = at(container, 'lifecycle', hook);
    if (isRecord(handler)) yield* handlerFindings(`lifecycle.${hook}`, handler);
  }
}

function* containerProbeFindings(path: string, probe: Fields, ports: ReadonlySet<unknown>): Generator<Finding> {
  yield* handlerFindings(path, probe);
  for (const handler of ['httpGet', 'tcpSocket']) {
    const port = at(probe, handler, 'port');
    if (typeof port !== 'string' || ports.has(port)) continue;
    yield {
      path: `${path}.${handler}.port`,
      says: `is '${port}', but no port of this container has that name. Use one of its names, or a number`,
    };
  }
  if (path !== 'readinessProbe' && typeof probe['successThreshold'] === 'number' && probe['successThreshold'] !== 1) {
    yield {
      path: `${path}.successThreshold`,
      says: `is ${probe['successThreshold']}, but only a readiness probe may ask for more than 1. Remove it`,
    };
  }
  if (path === 'readinessProbe' && probe['terminationGracePeriodSeconds'] !== undefined) {
    yield {
      path: `${path}.terminationGracePeriodSeconds`,
      says: 'is set, but a readiness probe ends no pod. Remove it',
    };
  }
}

function* handlerFindings(path: string, handler: Fields): Generator<Finding> {
  const given = handlers.filter((name) => handler[name] !== undefined && handler[name] !== null);
  if (given.length === 0) yield { path, says: 'says nothing to do. Give it one of exec, httpGet, tcpSocket or grpc' };
  if (given.length > 1) yield { path, says: `has ${given.join(' and ')}, but it can do one thing only. Keep one` };
}

/** A variable: its name, and its value from one place. */
export function* variableFindings({ name, value, valueFrom }: Fields): Generator<Finding> {
  const fault = variableFault(name);
  if (fault !== null) yield { path: 'name', says: fault };
  if (!isRecord(valueFrom)) return;
  if (typeof value === 'string' && value !== '') {
    yield { path: '', says: `sets both value and valueFrom of ${String(name)}. Keep one of them` };
  }
  const sources = Object.keys(valueFrom);
  if (sources.length !== 1) {
    yield {
      path: 'valueFrom',
      says: `has ${sources.length === 0 ? 'no source' : sources.join(' and ')}. Expected exactly one source`,
    };
  }
}

const standard = /^(?:cpu|memory|ephemeral-storage|hugepages-[^/]+|[^/]+\/[^/]+)$/;

/** What a container asks for: known resources, amounts that are what they look like, no more asked for than it may have. */
export function* resourceFindings(resources: Fields): Generator<Finding> {
  for (const list of ['requests', 'limits']) {
    yield* amountFindings(list, resources[list]);
    for (const name of Object.keys(isRecord(resources[list]) ? resources[list] : {})) {
      if (standard.test(name)) continue;
      yield {
        path: list,
        says: `has '${name}', which is no resource of a container. Use cpu, memory or ephemeral-storage`,
      };
    }
  }
  yield* unlimitedFindings(resources);
  const limits = resources['limits'];
  for (const [name, request] of Object.entries(isRecord(resources['requests']) ? resources['requests'] : {})) {
    const [least, most] = [readQuantity(request), readQuantity(at(limits, name))];
    if (least === null || most === null || least.value <= most.value) continue;
    yield {
      path: `requests.${name}`,
      says: `${says(request)}, more than the limit of ${String(at(limits, name))}. Raise limits.${name}, or ask for less`,
    };
  }
}

/** What can't be given to two at once needs a limit; huge pages are memory of a container that asks for some. */
function* unlimitedFindings({ requests, limits }: Fields): Generator<Finding> {
  const names = new Set([requests, limits].flatMap((amounts) => Object.keys(isRecord(amounts) ? amounts : {})));
  for (const name of names) {
    const isShared = !name.includes('/') && !name.startsWith('hugepages-');
    if (isShared || at(limits, name) !== undefined) continue;
    yield {
      path: `limits.${name}`,
      says: 'is missing, and a request alone is not enough for it. Set both to the same',
    };
  }
  const huge = [...names].find((name) => name.startsWith('hugepages-'));
  if (huge === undefined || names.has('cpu') || names.has('memory')) return;
  yield { path: '', says: `has ${huge}, but neither cpu nor memory. Add one of them` };
}

/** Amounts by the name of their resource. */
export function* amountFindings(path: string, amounts: unknown): Generator<Finding> {
  for (const [name, amount] of Object.entries(isRecord(amounts) ? amounts : {})) {
    const fault = amountFault(name, amount);
    if (fault !== null) yield { path: `${path}.${name}`, says: fault };
  }
}

/** The room that a claim asks for. */
export function* storageFindings(resources: Fields): Generator<Finding> {
  yield* amountFindings('requests', resources['requests']);
  const storage = readQuantity(at(resources, 'requests', 'storage'));
  if (storage === null || storage.value <= 0)
    yield { path: 'requests.storage', says: 'is missing. Set it to more than 0, such as 10Gi' };
}

export function* claimFindings({ accessModes }: Fields): Generator<Finding> {
  if (!Array.isArray(accessModes) || accessModes.length === 1 || !accessModes.includes('ReadWriteOncePod')) return;
  yield { path: 'accessModes', says: 'has ReadWriteOncePod beside others, but it stands alone. Keep one' };
}

/** The room of an emptyDir. */
export function* roomFindings({ sizeLimit }: Fields): Generator<Finding> {
  const fault = amountFault('storage', sizeLimit);
  if (fault !== null) yield { path: 'sizeLimit', says: fault };
}

export function* limitFindings(limit: Fields): Generator<Finding> {
  for (const list of ['max', 'min', 'default', 'defaultRequest']) yield* amountFindings(list, limit[list]);
}

/** The keys of a ConfigMap or a Secret, which become the names of files; and the room that they take. */
export function* dataFindings(object: Fields): Generator<Finding> {
  const seen = new Set<string>();
  let bytes = 0;
  for (const map of ['data', 'binaryData']) {
    for (const [key, value] of texts(object[map])) {
      bytes += Buffer.byteLength(value);
      if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === '.' || key.startsWith('..')) {
        yield {
          path: map,
          says: `has the key '${key}'. Expected letters, digits, '_', '.' and '-', at most 253 characters`,
        };
      }
      if (seen.has(key)) yield { path: map, says: `has the key '${key}' of data as well. Keep one of them` };
      seen.add(key);
    }
  }
  if (bytes > 2 ** 20)
    yield { path: 'data', says: `has ${bytes} bytes, but at most ${2 ** 20} fit. Put it into a volume or an image` };
}

// The keys that a type of Secret needs (pkg/apis/core/validation, ValidateSecret).
const needed: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};
const account = 'kubernetes.io/service-account.name';

/** What the type of a Secret asks for. Nothing of what it holds is quoted. */
export function* secretFindings(secret: Fields): Generator<Finding> {
  const type = String(secret['type']);
  for (const key of needed[type] ?? []) {
    if (valueOf(secret, key) === null)
      yield { path: 'data', says: `has no ${key}, which a Secret of type ${type} needs. Add it` };
  }
  for (const key of ['.dockerconfigjson', '.dockercfg']) {
    const value = needed[type]?.includes(key) ? valueOf(secret, key) : null;
    if (value !== null && !isJson(value)) yield { path: `data['${key}']`, says: 'is not JSON. Correct it' };
  }
  if (type === 'kubernetes.io/basic-auth' && ['username', 'password'].every((key) => valueOf(secret, key) === null)) {
    yield { path: 'data', says: `has neither username nor password, and type ${type} needs one of them. Add it` };
  }
  if (type === 'kubernetes.io/service-account-token' && !at(secret, 'metadata', 'annotations', account)) {
    yield { path: 'metadata.annotations', says: `lacks ${account}, which type ${type} needs. Add it` };
  }
}

function valueOf(secret: Fields, key: string): string | null {
  const [plain, encoded] = ['stringData', 'data'].map((map) => (isRecord(secret[map]) ? secret[map][key] : undefined));
  if (typeof plain === 'string') return plain;
  return typeof encoded === 'string' ? Buffer.from(encoded, 'base64').toString() : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
