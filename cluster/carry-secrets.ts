import { runCommand } from '../settings/command.ts';
import type { Google } from '../settings/google/resolve.ts';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { loadSettings } from '../settings/load.ts';
import { firstOf } from '../settings/settings.ts';
import type { CarriedSecret } from './argocd/secrets.ts';
import { carriedSecrets } from './argocd/secrets.ts';
import { carry, CarryError } from './carry.ts';

async function carryAll(google: Google, secrets: readonly CarriedSecret[]): Promise<void> {
  if (secrets.length === 0) process.stdout.write('The settings ask for no secret: nothing to carry.\n');
  for (const secret of secrets) {
    await carry(google, secret);
    process.stdout.write(`carried ${secret.secretId} to Secret ${secret.name}\n`);
  }
}

await runCommand(async () => {
  const settings = await loadSettings(process.cwd());
  const google = resolveGoogle(firstOf(settings.clusters).google);
  try {
    await carryAll(google, carriedSecrets(google, settings.repository));
    return 0;
  } catch (error) {
    if (!(error instanceof CarryError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
});
