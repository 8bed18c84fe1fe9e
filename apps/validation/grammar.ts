import { isIP } from 'node:net';
import { isRecord, says } from '../../settings/sentences.ts';

// The grammars of apimachinery/pkg/util/validation/validation.go.
const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const label1035 = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const qualified = /^(?:[A-Za-z0-9][A-Za-z0-9_.-]*)?[A-Za-z0-9]$/;
const variable = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** What is wrong with a name, as the rest of a sentence; null for a right one. */
export type NameFault = (name: unknown) => string | null;

function grammar(pattern: RegExp, longest: number, rule: string): NameFault {
  return (name) => {
    if (typeof name === 'string' && name.length <= longest && pattern.test(name)) return null;
    const length = typeof name === 'string' && name.length > longest ? ` and has ${name.length} characters` : '';
    return `${says(name)}${length}. Expected ${rule}, at most ${longest} characters`;
  };
}

export const labelFault = grammar(label, 63, 'lower case letters, digits and hyphens, with no hyphen first or last');
export const label1035Fault = grammar(
  label1035,
  63,
  'lower case letters, digits and hyphens, a letter first and no hyphen last',
);
export const subdomainFault = grammar(subdomain, 253, 'lower case letters, digits, hyphens and dots');
export const variableFault = grammar(variable, 1_024, "letters, digits, '_', '.' and '-', with no digit first");
export const labelValueFault: NameFault = (value) =>
  value === ''
    ? null
    : grammar(qualified, 63, "letters, digits, '_', '.' and '-', a letter or digit first and last")(value);

/** Of the last part of an RBAC object's name, which may have nearly any character. */
export const pathSegmentFault: NameFault = (name) =>
  typeof name === 'string' && name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name)
    ? null
    : `${says(name)}. Expected text without / and %`;

/** Of a port, by which a Service and a probe can name it. */
export const portNameFault: NameFault = (name) =>
  typeof name === 'string' && name.length <= 15 && label.test(name) && /[a-z]/.test(name) && !name.includes('--')
    ? null
    : `${says(name)}. Expected a port's name: lower case letters, digits and single hyphens, a letter among them, at most 15 characters`;

/** Of the key of a label or an annotation: a name, with a domain before it where it has a slash. */
export const qualifiedFault: NameFault = (name) => {
  const parts = String(name).split('/');
  const [domain, own] = parts.length === 1 ? [null, parts[0]] : parts;
  if (parts.length > 2) return `has the key '${String(name)}' with more than one slash. Expected name or domain/name`;
  if (domain !== null && subdomainFault(domain) !== null) {
    return `has the key '${String(name)}', whose part before the slash is no domain. Expected one such as example.com/name`;
  }
  if (own !== undefined && own.length <= 63 && qualified.test(own)) return null;
  return `has the key '${String(name)}'. Expected letters, digits, '_', '.' and '-', a letter or digit first and last, at most 63 characters`;
};

export const addressFault: NameFault = (address) =>
  isIP(String(address)) === 0 ? `${says(address)}. Expected an IP address` : null;

export const rangeFault: NameFault = (text) => {
  const [address = '', prefix = '', ...more] = String(text).split('/');
  const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
  const isRange = more.length === 0 && /^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bits;
  return isRange ? null : `${says(text)}. Expected a range such as 10.0.0.0/8`;
};

/** Of a host, which may be all hosts of a domain: `*.example.com`. */
export const hostFault: NameFault = (host) =>
  isIP(String(host)) === 0 && subdomainFault(String(host).replace(/^\*\./, '')) === null
    ? null
    : `${says(host)}. Expected a host name such as www.example.com`;

/** Of a file below a volume's folder. */
export const filePathFault: NameFault = (path) =>
  String(path) !== '' && !String(path).startsWith('/') && !String(path).split('/').includes('..')
    ? null
    : `${says(path)}. Expected a path below the folder, without ..`;

/** One of these words. */
export function oneOf(...words: readonly string[]): NameFault {
  return (word) => (words.includes(String(word)) ? null : `${says(word)}. Expected one of ${words.join(', ')}`);
}

/** Text that matches, and how it is described. */
export function matching(pattern: RegExp, rule: string): NameFault {
  return (text) => (pattern.test(String(text)) ? null : `${says(text)}. Expected ${rule}`);
}

const powers: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const pattern = /^(?<number>[+-]?(?:\d+\.?\d*|\.\d+))(?:(?<suffix>[numkMGTPE]|[KMGTPE]i)|[eE](?<exponent>[+-]?\d+))?$/;

/** An amount as Kubernetes writes it: `500m`, `256Mi`, `1e3`. */
export interface Quantity {
  readonly value: number;
  /** Such as `Mi`; empty for a plain number. */
  readonly suffix: string;
}

/** Reads an amount; null where it is none (apimachinery/pkg/api/resource/quantity.go). */
export function readQuantity(given: unknown): Quantity | null {
  if (typeof given !== 'string' && typeof given !== 'number') return null;
  const { number, suffix = '', exponent = '0' } = pattern.exec(String(given))?.groups ?? {};
  const power = powers[suffix];
  if (number === undefined || power === undefined) return null;
  return { value: Number(number) * power * 10 ** Number(exponent), suffix };
}

/** What is wrong with any amount, as the rest of a sentence; null for a right one. */
export function quantityFault(given: unknown): string | null {
  if (readQuantity(given) !== null) return null;
  return `${says(given)}. Expected a quantity: a number, and a suffix such as m, k, M, G, Ki, Mi or Gi, in just these letters`;
}

// Nobody means so little and writes it in bytes or thousands: runc does not even start a container in less than 6 MB.
const leastMemory = 4 * 2 ** 20;
// More than any node has; who means it writes it in millicores, or with its suffix.
const mostPlainCores = 50;
const mostCores = 1_000;
const mostBytes = 64 * 2 ** 40;

/** What is wrong with the amount of a resource, as the rest of a sentence; null for a right one, and for what is no amount. */
export function amountFault(resource: string, given: unknown): string | null {
  const quantity = readQuantity(given);
  if (quantity === null) return null;
  const { value, suffix } = quantity;
  const named = resource.replace(/^(?:requests|limits)\./, '');
  if (value < 0) return `${says(given)}, but an amount can't be negative. Set it to 0 or more`;
  if (named === 'cpu') return cpuFault(given, quantity);
  if (/^(?:memory|storage|ephemeral-storage|hugepages-.+)$/.test(named)) return bytesFault(named, given, quantity);
  if (!Number.isInteger(value) || suffix === 'm')
    return `${says(given)}, but ${named} is counted. Set it to a whole number`;
  return null;
}

function cpuFault(given: unknown, { value, suffix }: Quantity): string | null {
  if (Math.abs(value * 1_000 - Math.round(value * 1_000)) > 1e-6) {
    return `${says(given)}, but a CPU is shared out in thousandths. Set it to a multiple of 1m`;
  }
  if (value > mostCores || (suffix === '' && value >= mostPlainCores)) {
    return `${says(given)}, which is ${value} whole CPUs. Write ${value}m for thousandths of one; ${value * 1_000}m if you mean whole ones`;
  }
  return null;
}

function bytesFault(resource: string, given: unknown, { value, suffix }: Quantity): string | null {
  const digits = String(given).replace(/[A-Za-z].*$/, '');
  if (['n', 'u', 'm'].includes(suffix)) {
    return `${says(given)}, which is ${value} bytes: ${suffix} is a fraction. Write ${digits}Mi for mebibytes`;
  }
  if (value > 0 && value < leastMemory && ['', 'k', 'Ki'].includes(suffix)) {
    return `${says(given)}, which is only ${value} bytes of ${resource}. Write ${digits}Mi for mebibytes`;
  }
  if (!Number.isInteger(value)) return `${says(given)}, which is a part of a byte. Set it to whole bytes`;
  if (value > mostBytes)
    return `${says(given)}, which is ${value} bytes of ${resource}, more than a node has. Use Mi or Gi`;
  return null;
}

/** What is wrong with a part of an object: where, and the rest of the sentence. */
export interface Finding {
  /** Such as `ports[0].name`; empty for the part itself. */
  readonly path: string;
  /** Such as `is missing`. */
  readonly says: string;
}

/** A map of fields, whatever they hold. */
export type Fields = Readonly<Record<string, unknown>>;

/** The path of a field within another: `spec` and `ports[0]` as `spec.ports[0]`. */
function within(path: string, inner: string): string {
  if (path === '' || inner === '') return path + inner;
  return inner.startsWith('[') ? path + inner : `${path}.${inner}`;
}

/** Findings about a part, as findings about what the part is in. */
export function* under(path: string, findings: Iterable<Finding>): Generator<Finding> {
  for (const finding of findings) yield { path: within(path, finding.path), says: finding.says };
}

/** The value at a path of fields; undefined where one of them is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

/** The maps in a list, each with its place in it. */
export function items(value: unknown): readonly (readonly [number, Fields])[] {
  if (!Array.isArray(value)) return [];
  return value
    .map((item: unknown, index) => [index, item] as const)
    .filter((pair): pair is [number, Fields] => isRecord(pair[1]));
}

/** The texts of a map. */
export function texts(value: unknown): readonly (readonly [string, string])[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
}
