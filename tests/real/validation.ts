import { objectProblems } from '../../apps/validation/objects.ts';
import { kindNamed } from '../../apps/validation/schema/schema.ts';
import { faults } from '../apps/validation/faults.ts';
import { changed, samples } from '../apps/validation/samples.ts';
import { openProxy, pluralOf } from './proxy.ts';

// Asks a real API server about every sample and every fault, as Argo CD would apply it but as a dry run, and prints a line for each: what
// it says, and what the validation says. Exit 1 where it refuses what the validation takes, or refuses a sample.
//
//     CONTEXT=lab node --conditions=zerodrop-source --import tsx tests/real/validation.ts

const { server, close } = await openProxy(process.env['CONTEXT'] ?? 'lab');

/** What the API server says; null where it takes the object. */
async function refusal(object: Record<string, unknown>): Promise<string | null> {
  const kind = String(object['kind']);
  const apiVersion = String(object['apiVersion']);
  const metadata = object['metadata'] as { readonly name?: string; readonly namespace?: string };
  const isNamespaced = kindNamed(apiVersion, kind)?.namespaced ?? true;
  const place = isNamespaced ? `namespaces/${encodeURIComponent(metadata.namespace ?? 'default')}/` : '';
  const root = apiVersion.includes('/') ? 'apis' : 'api';
  const url = `${server}/${root}/${apiVersion}/${place}${pluralOf(kind)}/${encodeURIComponent(metadata.name ?? 'none')}`;
  // NaN and Infinity can be written in YAML alone.
  const body = JSON.stringify(object, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? `.${value}` : value,
  );
  const answer = await fetch(`${url}?dryRun=All&force=true&fieldManager=validation`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body,
  });
  if (answer.ok) return null;
  const text = await answer.text();
  try {
    return String((JSON.parse(text) as { readonly message: unknown }).message);
  } catch {
    return text.trim();
  }
}

/** Makes the namespaces that the samples are in: a dry run needs them. */
async function makeNamespaces(): Promise<void> {
  for (const name of ['web-production', 'argocd']) {
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await fetch(`${server}/api/v1/namespaces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  }
}

try {
  await makeNamespaces();
  let wrong = 0;
  const say = (name: string, theirs: string | null, ours: readonly string[]): void => {
    const agrees = (theirs !== null) === ours.length > 0;
    if (theirs !== null && ours.length === 0) wrong += 1;
    process.stdout.write(
      `${agrees ? 'same' : theirs === null ? 'ours' : 'MISS'}  ${name}\n      server: ${theirs ?? 'takes it'}\n      here:   ${ours[0] ?? 'takes it'}\n`,
    );
  };
  for (const [kind, sample] of Object.entries(samples)) say(kind, await refusal(sample), objectProblems(sample));
  for (const [kind, path, value] of Object.values(faults).flat()) {
    const object = changed(kind, path, value);
    const shown = JSON.stringify(value)?.slice(0, 80) ?? 'missing';
    say(`${kind} ${path} ${shown}`, await refusal(object), objectProblems(object));
  }
  process.exitCode = wrong === 0 ? 0 : 1;
} finally {
  close();
}
