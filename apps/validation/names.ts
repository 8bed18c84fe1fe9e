import { isIP } from 'node:net';
import { says } from '../../settings/value.ts';

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
