import { loadSettings } from '../../settings/load.ts';
import { isSettingsError } from '../../settings/settings-error.ts';
import type { Settings } from '../../settings/settings.ts';
import { git } from '../git.ts';
import type { StandingRelease } from '../history/standing.ts';
import { parseImageReference } from '../image-reference.ts';

/** What a rollback calls the service, and where its repository is, by the settings in `directory`. Settings that are broken don't stop it. */
export async function readPlace(
  directory: string,
  remote: string,
  release: StandingRelease | null = null,
): Promise<Pick<Settings, 'service' | 'repository'>> {
  try {
    return await loadSettings(directory);
  } catch (error) {
    if (!isSettingsError(error)) throw error;
    const image = release === null ? '' : parseImageReference(release.pin.image).repository;
    return { service: image.split('/').at(-1) ?? '', repository: await git(directory, 'remote', 'get-url', remote) };
  }
}
