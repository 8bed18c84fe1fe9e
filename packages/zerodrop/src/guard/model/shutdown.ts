import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IEnvVar } from 'kubernetes-models/v1/EnvVar';
import type { Folder } from './folder.ts';
import type { Field, ManifestObject } from './object.ts';

/** A program that drains by itself is told how long by these variables, in milliseconds. */
const drainVariable = 'DRAIN_MS';
const limitVariable = 'SHUTDOWN_LIMIT_MS';
/** What such a program allows open requests where its manifest says nothing. */
const usualLimitMs = 10_000;
/** The kubelet counts from before it sends SIGTERM, and a busy node is late. */
const slackSeconds = 5;

/** How long a container goes on taking requests after it was told to end, in seconds; null where the folder does not tell. */
export function drainSeconds(container: Field<IContainer>, folder: Folder): number | null {
  const hook = preStopSeconds(container);
  const variable = variableOf(container, drainVariable, folder);
  if (hook === null || variable === 'unknown') return null;
  return hook + (variable ?? 0) / 1_000;
}

/** How long a container needs from SIGTERM to its end, in seconds; the grace period runs in its preStop hook, too. */
export function shutdownSeconds(container: Field<IContainer>, folder: Folder): number {
  const hook = preStopSeconds(container) ?? 0;
  const drain = variableOf(container, drainVariable, folder);
  // A hook that takes the whole grace period leaves nothing for the requests that are open at its end.
  if (typeof drain !== 'number') return hook === 0 ? 0 : hook + 1;
  const limit = variableOf(container, limitVariable, folder);
  const openMs = typeof limit === 'number' ? limit : usualLimitMs;
  return Math.ceil(hook + drain / 1_000 + openMs / 1_000) + slackSeconds;
}

/** The field that makes a container drain: its variable, or its hook. */
export function drainField(container: Field<IContainer>): Field<unknown> {
  const variable = entryOf(container, drainVariable);
  return variable?.at('value') ?? container.at('lifecycle');
}

/** True where a container is a program that reads its drain from a variable. */
export function drainsByVariable(container: Field<IContainer>): boolean {
  return entryOf(container, drainVariable) !== undefined;
}

/** The length of a preStop hook in seconds; 0 where there is none, null for a command of unknown length. */
function preStopSeconds(container: Field<IContainer>): number | null {
  const hook = container.at('lifecycle', 'preStop');
  if (!hook.isSet) return 0;
  const seconds = hook.at('sleep', 'seconds').number;
  if (seconds !== undefined) return seconds;
  const command = hook
    .at('exec', 'command')
    .items()
    .map((part) => part.text ?? '')
    .join(' ');
  if (/^(?:(?:\/usr)?\/bin\/)?(?:true|echo\b.*|(?:ba|da|a)?sh -c (?::|true|exit 0|echo\b[^&|;]*))$/.test(command))
    return 0;
  const slept = [...command.matchAll(/\bsleep\s+(\d+(?:\.\d+)?)([smh]?)\b/g)];
  if (slept.length === 0) return null;
  return slept.reduce(
    (sum, [, length, unit]) => sum + Number(length) * (unit === 'h' ? 3_600 : unit === 'm' ? 60 : 1),
    0,
  );
}

/** A number among the environment variables of a container: of two with one name Kubernetes takes the last. */
function variableOf(container: Field<IContainer>, name: string, folder: Folder): number | 'unknown' | null {
  const entry = entryOf(container, name);
  if (entry === undefined)
    return container.at('envFrom').items().length > 0 ? fromWhole(container, name, folder) : null;
  const source = entry.at('valueFrom', 'configMapKeyRef');
  const text =
    entry.at('value').text ??
    (source.isSet ? dataOf(folder, container.object, source.at('name').text, source.at('key').text) : undefined);
  if (text !== undefined && /^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return entry.at('valueFrom').isSet ? 'unknown' : null;
}

function entryOf(container: Field<IContainer>, name: string): Field<IEnvVar> | undefined {
  return container
    .at('env')
    .items()
    .findLast((entry) => entry.at('name').value === name);
}

/** Of a ConfigMap that is read as a whole. A Secret's or one from elsewhere may have it as well. */
function fromWhole(container: Field<IContainer>, name: string, folder: Folder): number | null {
  const found = container
    .at('envFrom')
    .items()
    .map((source) => dataOf(folder, container.object, source.at('configMapRef', 'name').text, name))
    .findLast((text) => text !== undefined);
  return found !== undefined && /^\d+(?:\.\d+)?$/.test(found) ? Number(found) : null;
}

function dataOf(
  folder: Folder,
  { namespace }: ManifestObject,
  name: string | undefined,
  key: string | undefined,
): string | undefined {
  if (name === undefined || key === undefined) return undefined;
  return folder.find('/ConfigMap', namespace, name)?.field('data', key).text;
}
