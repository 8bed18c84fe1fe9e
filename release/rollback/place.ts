import { loadSettings } from '../../settings/load.ts';
import { isSettingsError } from '../../settings/settings-error.ts';
import { firstOf } from '../../settings/settings.ts';
import { git } from '../git.ts';
import type { StandingRelease } from '../history/standing.ts';
import { parseImageReference } from '../image-reference.ts';

/** What a rollback names in its words. */
export interface Place {
  readonly service: string;
  readonly repository: string;
}

/** What a rollback calls the service, and where its repository is, by the settings in `directory`. Settings that are broken don't stop it. */
export async function readPlace(
  directory: string,
  remote: string,
  release: StandingRelease | null = null,
): Promise<Place> {
  try {
    const { services, repository } = await loadSettings(directory);
    return { service: firstOf(services).name, repository };
  } catch (error) {
    if (!isSettingsError(error)) throw error;
    const image = release === null ? '' : parseImageReference(release.pin.image).repository;
    return { service: image.split('/').at(-1) ?? '', repository: await git(directory, 'remote', 'get-url', remote) };
  }
}
