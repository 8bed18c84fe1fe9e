import { git } from 'zerodrop/git';
import { loadSettings } from '../../settings/load.ts';
import { isSettingsError } from '../../settings/settings-error.ts';

/** Where the repository of a rollback is, by the settings in `directory`; by the remote's address where they are broken. */
export async function readRepository(directory: string, remote: string): Promise<string> {
  try {
    return (await loadSettings(directory)).repository;
  } catch (error) {
    if (!isSettingsError(error)) throw error;
    return git(directory, 'remote', 'get-url', remote);
  }
}
