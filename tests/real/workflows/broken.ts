import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A part of the play that takes no cluster. */
export type Scene = 'release' | 'rollback' | 'fork';

/** A fault that somebody could make in a workflow: in this file, that text is written so. */
interface Fault {
  /** What notices it. */
  readonly scene: Scene;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Faults, each of which the play must notice. */
const faults: Readonly<Record<string, Fault>> = {
  'comment-for-forks': {
    scene: 'fork',
    file: 'workflows/check.yaml',
    from: 'github.event.pull_request.head.repo.full_name == github.repository && github.event.number',
    to: 'github.event.number',
  },
  'rollback-paths': {
    scene: 'rollback',
    file: 'workflows/check.yaml',
    from: "':(exclude)apps/images' ",
    to: '',
  },
  expression: {
    scene: 'release',
    file: 'workflows/release.yaml',
    from: "needs.services.outputs.releases != '[]'",
    to: "needs.services.outputs.release != ''",
  },
  'output-name': {
    scene: 'release',
    file: 'workflows/release-target.yaml',
    from: 'commit: ${{ steps.publish.outputs.commit }}',
    to: 'commit: ${{ steps.publish.outputs.sha }}',
  },
  'missing-needs': {
    scene: 'release',
    file: 'workflows/release-service.yaml',
    from: 'needs: [build, signature]',
    to: 'needs: [signature]',
  },
  token: {
    scene: 'release',
    file: 'workflows/release-target.yaml',
    from: '          GH_TOKEN: ${{ steps.app.outputs.token }}\n',
    to: '',
  },
  'registry-token': {
    scene: 'release',
    file: 'workflows/release-service.yaml',
    from: 'password: ${{ steps.google.outputs.access_token }}',
    to: 'password: ${{ steps.google.outputs.token }}',
  },
  secret: {
    scene: 'release',
    file: 'workflows/release.yaml',
    from: 'RELEASE_APP_KEY: ${{ secrets.RELEASE_APP_KEY }}',
    to: 'RELEASE_APP_KEY: ${{ secrets.RELEASE_KEY }}',
  },
  identity: {
    scene: 'release',
    file: 'actions/cluster/action.yaml',
    from: 'service_account: ${{ steps.names.outputs.verify }}',
    to: 'service_account: ${{ steps.names.outputs.plan }}',
  },
  'path-filter': {
    scene: 'release',
    file: 'workflows/verify.yaml',
    from: 'paths: [manifests/**]',
    to: 'paths: [argocd/**]',
  },
  'ignored-paths': {
    scene: 'release',
    file: 'workflows/release.yaml',
    from: 'paths-ignore: [apps/images/**, manifests/**]',
    to: 'paths-ignore: [apps/images/**]',
  },
};

/** The names of all. */
export const faultNames = Object.keys(faults);

/** The fault of this name. */
export function faultOf(name: string): Fault {
  const fault = faults[name];
  if (fault === undefined) throw new Error(`There is no fault ${name}. There are ${faultNames.join(', ')}.`);
  return fault;
}

/** Breaks the workflows of a clone. */
export async function breakWorkflows(directory: string, fault: Fault): Promise<void> {
  const file = path.join(directory, '.github', fault.file);
  const text = await readFile(file, 'utf8');
  const broken = text.replace(fault.from, fault.to);
  if (broken === text)
    throw new Error(
      `${fault.file} has no ${JSON.stringify(fault.from)} to break. Correct tests/real/workflows/broken.ts.`,
    );
  await writeFile(file, broken);
}
