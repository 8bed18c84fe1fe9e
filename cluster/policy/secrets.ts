import type { Stacks } from '../terraform-json.ts';
import { at, isObject, resourcesOf, strings } from '../terraform-json.ts';
import { where } from './block.ts';

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
