import { runCommand } from '../settings/command.ts';
import { resolveGoogle } from '../settings/google/resolve.ts';
import { loadSettings } from '../settings/load.ts';
import { carriedSecrets } from './argocd/secrets.ts';
import { carry } from './carry.ts';

await runCommand(async () => {
  const settings = await loadSettings(process.cwd());
  const google = resolveGoogle(settings.google);
  const secrets = carriedSecrets(google, settings.repository);
  for (const secret of secrets) {
    await carry(google.project, secret);
    process.stdout.write(`carried ${secret.secretId} to Secret ${secret.name}\n`);
  }
  if (secrets.length === 0) process.stdout.write('The settings ask for no secret: nothing to carry.\n');
  return 0;
});
