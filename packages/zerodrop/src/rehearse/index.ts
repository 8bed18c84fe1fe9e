// Rehearses a rollout under load, on the embedded cluster or on a real one. See the package's README.md.
export { UsageError } from '../errors.ts';
export type { Repository } from './cluster.ts';
export type { ImageRequest } from './kubernetes/build.ts';
export { echo, type ServiceRequest } from './load/request.ts';
export { rehearseCommand } from './command.ts';
export { run, type ProcessOptions } from '../program.ts';
export type { Report, Second, TimelineEntry } from './report/schema.ts';
