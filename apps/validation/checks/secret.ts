import { isRecord } from '../../../settings/sentences.ts';
import { at, type Fields, type Finding } from '../finding.ts';

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
