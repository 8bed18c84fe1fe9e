import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { connect } from 'zerodrop/rollout';
import { thisProcess } from '../context/owner.ts';
import { applicationsIn, chosenApplication } from '../manifests/rehearsed.ts';
import { preparedApplication, type Production, setStage } from '../play/stage.ts';
import { isAlive } from '../scratch/folder.ts';
import { makeScratch } from '../scratch/scratch.ts';
import { giveBackStale } from './borrowed.ts';
import { manifestProblems } from './manifests.ts';
import { syncProblems } from './sync.ts';

/** What was asked of an environment, and what is wrong with the answer. */
export interface Finding {
  readonly environment: string;
  readonly question: string;
  readonly problems: readonly string[];
}

/**
 * Asks a real API server and a real Argo CD about every environment before anything is rolled out: whether the manifests are taken
 * as they are, and whether git and the cluster come to rest. Throws where it can't ask.
 */
export async function preflight(
  production: Production,
  context: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> {
  const { repository, project, folder, options, steps, signal } = production;
  const unchanged = path.join(folder, 'unchanged');
  await mkdir(unchanged);
  const scratch = await makeScratch(project, unchanged, environment, signal);
  const applications = await applicationsIn(scratch.directory, repository.applications);
  const names =
    options.environment === null
      ? applications.map(({ metadata }) => metadata.name)
      : [chosenApplication(applications, options.environment)];
  const cluster = await connect(context);
  const owner = thisProcess();
  for (const stale of await giveBackStale(cluster, owner.place, isAlive))
    steps.done(`removed ${stale}, left by a killed run`);
  const findings: Finding[] = [];
  const found = (name: string, question: string, problems: readonly string[]): void => {
    findings.push({ environment: name, question, problems });
    steps.done(`${name}: ${question}: ${problems.length === 0 ? 'yes' : `no\n${problems.join('\n')}`}`);
  };
  for (const name of names) {
    const { application } = await preparedApplication(repository, scratch.directory, name, signal);
    const manifests = path.join(scratch.directory, application.path);
    found(name, 'the API server takes the manifests', await manifestProblems(cluster, manifests, owner));
    const stage = await setStage({ ...production, options: { ...options, environment: name } });
    try {
      found(name, 'Argo CD and the cluster come to rest', await syncProblems(stage, context));
    } finally {
      await stage.strike();
    }
  }
  return findings;
}
