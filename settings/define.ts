import { environmentProblems } from './check-environment.ts';
import { imageProblems } from './check-image.ts';
import { environmentNameProblems, serviceProblems } from './check-name.ts';
import { placeProblems } from './check-place.ts';
import { repositoryProblems } from './check-repository.ts';
import { checkGoogle } from './google.ts';
import { SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';
import { isRecord, unknownKeys } from './value.ts';

const known = ['service', 'repository', 'image', 'environments', 'google'];

function* settingsProblems(settings: unknown): Generator<string> {
  if (!isRecord(settings)) {
    yield 'defineSettings() was given no object. Give it one with service, repository, image, environments and google.';
    return;
  }
  yield* unknownKeys('', settings, known);
  yield* serviceProblems(settings['service']);
  yield* repositoryProblems(settings['repository']);
  yield* imageProblems(settings['image']);
  yield* environmentsProblems(settings['environments']);
  yield* checkGoogle(settings['google']);
}

function* environmentsProblems(environments: unknown): Generator<string> {
  if (!isRecord(environments) || Object.keys(environments).length === 0) {
    yield 'environments has no entry, but there is nothing to roll out without one. Add one, such as production.';
    return;
  }
  const names = new Map<unknown, string>();
  for (const [name, environment] of Object.entries(environments)) {
    yield* environmentNameProblems(name);
    yield* environmentProblems(`environments.${name}`, environment);
    const namespace = isRecord(environment) ? environment['namespace'] : undefined;
    const other = names.get(namespace);
    if (namespace !== undefined && other !== undefined) {
      yield `environments.${name}.namespace is '${String(namespace)}', as in environments.${other}, so one would prune the other. Give each environment its own.`;
    }
    names.set(namespace, name);
  }
}

/** Throws a {@link SettingsError} with a sentence for each wrong setting. */
export function assertSettings(settings: unknown): asserts settings is Settings {
  assertEach(settings);
  const problems = [...placeProblems(settings)];
  if (problems.length > 0) throw new SettingsError(problems);
}

/** Settings that are right one by one. */
function assertEach(settings: unknown): asserts settings is Settings {
  const problems = [...settingsProblems(settings)];
  if (problems.length > 0) throw new SettingsError(problems);
}

/** Takes a clone's settings. Throws a {@link SettingsError} with a sentence for each wrong one. */
export function defineSettings(settings: Settings): Settings {
  assertSettings(settings);
  return settings;
}
