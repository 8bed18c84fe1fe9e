import { type Range, overlaps, parseRange } from '../../settings/google/network.ts';
import { type Block, type Stacks, at, isObject, resourcesOf, strings, textAt } from '../terraform-json.ts';

/** Where a block is, for a sentence. */
export function where({ stack, address }: Block): string {
  return `${stack}: ${address}`;
}

interface NamedRange {
  readonly title: string;
  readonly network: string;
  readonly range: Range;
}

/** Ranges that mean one thing each. */
export function networkPolicy(stacks: Stacks): string[] {
  const subnets = resourcesOf(stacks, 'google_compute_subnetwork');
  const ranges = subnets.flatMap(rangesOf);
  return [
    ...subnets.flatMap(unreadable),
    ...ranges.flatMap((one, index) =>
      ranges
        .slice(index + 1)
        .filter((other) => other.network === one.network && overlaps(one.range, other.range))
        .map(
          (other) =>
            `${one.title} overlaps ${other.title}, so an address would belong to both. Move one in settings.ts: google.network.`,
        ),
    ),
  ];
}

function texts(subnet: Block): { readonly title: string; readonly text: string }[] {
  const secondary = subnet.values['secondary_ip_range'];
  const others = Array.isArray(secondary) ? secondary : [];
  return [
    { title: `${where(subnet)} ip_cidr_range`, text: textAt(subnet.values, 'ip_cidr_range') },
    ...others.map((range) => ({
      title: `${where(subnet)} range ${textAt(range, 'range_name')}`,
      text: textAt(range, 'ip_cidr_range'),
    })),
  ];
}

function rangesOf(subnet: Block): NamedRange[] {
  return texts(subnet).flatMap(({ title, text }) => {
    const range = parseRange(text);
    return range === null ? [] : [{ title, network: textAt(subnet.values, 'network'), range }];
  });
}

function unreadable(subnet: Block): string[] {
  return texts(subnet)
    .filter(({ text }) => parseRange(text) === null)
    .map(
      ({ title, text }) => `${title} is ${text}, which is not a range of addresses. Write one such as 10.10.0.0/24.`,
    );
}

/** Every `${…}` and every depends_on leads to something in the same stack. */
export function referencePolicy(stacks: Stacks): string[] {
  return [...stacks].flatMap(([stack, json]) =>
    [...strings(json)].flatMap(({ path, text }) =>
      referencesIn(path, text)
        .filter((reference) => at(json, pathOf(reference)) === undefined)
        .map(
          (reference) =>
            `${stack}: ${path} refers to ${reference}, which is not in the stack. Add it, or refer to it by its settings.`,
        ),
    ),
  );
}

function referencesIn(path: string, text: string): string[] {
  if (/\.(?:depends_on|provider)(?:\[\d+\])?$/.test(path)) return [text];
  return expressions(text).flatMap((expression) => {
    // What is quoted inside an expression refers to nothing.
    const code = expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
    return [...code.matchAll(/(?<![\w.\]])(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*/g)].map(([found]) => found);
  });
}

/** The insides of `${…}`; `$${` is an escaped one. */
function expressions(text: string): string[] {
  return [...text.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, inside = '']) => inside);
}

/** Where the JSON keeps what a reference names. */
function pathOf(reference: string): string {
  if (reference.startsWith('data.')) return reference;
  if (reference.startsWith('var.')) return reference.replace('var.', 'variable.');
  if (reference.startsWith('local.')) return reference.replace('local.', 'locals.');
  if (reference.startsWith('module.')) return reference;
  return `resource.${reference}`;
}

// Whatever these hold stands in the state, readable for everyone who may plan.
const types = [
  'google_service_account_key',
  'google_secret_manager_secret_version',
  'google_storage_hmac_key',
  'kubernetes_secret',
  'kubernetes_secret_v1',
  'random_password',
  'tls_private_key',
];

// Reading is no better: Terraform writes down what it has read.
const readers = [
  'google_client_config',
  'google_secret_manager_secret_version',
  'google_secret_manager_secret_version_access',
  'google_service_account_access_token',
];

const shapes: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/],
  ['a JSON Web Token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ/],
  // `$name:key` and `$key` are how Argo CD refers to a Secret; a hash begins with `$2`.
  [
    'a password',
    /(?:password|passwd|private_?key|secret|token)["']?\s*[:=][^\S\n]*["']?(?!\$[a-z]|true\b|false\b|[\s"'|>{])[^\s"']/i,
  ],
];

const keys = /(?:password|private_?key|client_?secret|token|credentials)$/i;

/** No secret in what Terraform sees, since all of that is in its state and in its plans. */
export function secretPolicy(stacks: Stacks): string[] {
  const held = resourcesOf(stacks, ...types).map(
    (block) =>
      `${where(block)}: a ${block.type} puts a secret into the state. Create it outside Terraform, and refer to it by its name.`,
  );
  const read = [...stacks].flatMap(([stack, json]) =>
    readers.flatMap((type) => {
      const blocks = at(json, `data.${type}`);
      return Object.keys(isObject(blocks) ? blocks : {}).map(
        (id) =>
          `${stack}: data.${type}.${id} reads a secret into the state. Let the program that needs it read it, as cluster/stacks/argocd.ts does.`,
      );
    }),
  );
  const written = [...stacks].flatMap(([stack, json]) =>
    [...strings(json)].flatMap(({ path, text }) => inText(`${stack}: ${path}`, path, text)),
  );
  return [...held, ...read, ...written];
}

function inText(place: string, path: string, text: string): string[] {
  if (keys.test(path) && text !== '' && !/^\$[{a-z]/.test(text)) {
    return [`${place} holds a secret. Keep it in Secret Manager and name it (cluster/argocd/secrets.ts).`];
  }
  return shapes
    .filter(([, pattern]) => pattern.test(text))
    .map(([what]) => `${place} holds ${what}. Keep it in Secret Manager and name it (cluster/argocd/secrets.ts).`);
}
