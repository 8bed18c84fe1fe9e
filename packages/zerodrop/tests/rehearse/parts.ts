// The parts of a rehearsal that programs on a lab are made of.
export { openEmbeddedCluster } from '../../src/rehearse/embedded/cluster.ts';
export { basesByTag, digestOfPush } from '../../src/rehearse/kubernetes/build.ts';
export { answerByBackend, serveGit } from '../../src/rehearse/kubernetes/git.ts';
export { startLoad } from '../../src/rehearse/load/load.ts';
export type { Sample } from '../../src/rehearse/load/schedule.ts';
export { parseOptions } from '../../src/rehearse/options.ts';
export {
  makeRunFolder,
  makeScratch,
  removeFolder,
  type Scratch,
  scratchEnvironment,
} from '../../src/rehearse/scratch.ts';
export { makeSeen } from './embedded/seen.ts';
export { makeTinyRepository } from './embedded/tiny-repository.ts';
