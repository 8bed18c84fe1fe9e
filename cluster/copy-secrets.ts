import { UsageError } from 'zerodrop/errors';
import { readOptions } from 'zerodrop/options';
import { loadProject } from '../apps/project.ts';
import { runCommand } from '../settings/load.ts';
import { findCluster } from '../settings/settings.ts';
import { copySecrets } from './argocd/secrets.ts';
import { clustersOf } from './cluster-project.ts';

const usage = `npm run secrets [-- --cluster NAME]

Copies the secrets that Argo CD needs from Secret Manager into the namespace argocd of a cluster of settings.ts. Prints names, never values.

  --cluster NAME   one of settings.ts; may be left out where there is one

Exit: 0 copied, 2 wrong use, 3 gcloud or kubectl failed.
`;

const options = { cluster: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } as const;

await runCommand(async () => {
  const { values } = readOptions(process.argv.slice(2), options, { words: 0 });
  if (values.help) return { stdout: usage, stderr: '', exitCode: 0 };
  const project = await loadProject(process.cwd());
  const cluster = findCluster(values.cluster, project.settings);
  if (typeof cluster === 'string') throw new UsageError(cluster);
  for (const one of clustersOf(project)) {
    if (one.name === cluster.name) await copySecrets(one, (line) => process.stdout.write(line));
  }
  return 0;
});
