import type { ApplicationObservation, HealthStatus, OperationPhase, SyncStatus } from '../observation.ts';
import type { Watched } from './collection.ts';

/** The part of an Argo CD Application that is read. */
export interface Application extends Watched {
  readonly metadata: Watched['metadata'] & { readonly name: string };
  /** An operation that is asked for and not yet finished. */
  readonly operation?: object;
  readonly status?: {
    readonly sync?: { readonly status?: SyncStatus; readonly revision?: string };
    readonly health?: { readonly status?: HealthStatus };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly operationState?: {
      readonly phase?: OperationPhase;
      readonly message?: string;
      readonly syncResult?: { readonly revision?: string };
      readonly operation?: { readonly sync?: { readonly revision?: string } };
    };
  };
}

/** How a rollout sees an Application. */
export function applicationObservation({ operation, status }: Application): ApplicationObservation {
  const state = status?.operationState;
  return {
    sync: status?.sync?.status ?? 'Unknown',
    health: status?.health?.status ?? 'Unknown',
    revision: text(status?.sync?.revision),
    pending: operation !== undefined,
    phase: state?.phase ?? null,
    // An operation that failed before it had a result still says which commit it was asked for.
    phaseRevision: text(state?.syncResult?.revision) ?? text(state?.operation?.sync?.revision),
    message: text(state?.message),
    conditions: (status?.conditions ?? []).map(({ type, message }) => ({ type, message })),
  };
}

/** Argo CD writes an empty string where it does not know yet. */
function text(said: string | undefined): string | null {
  return said === undefined || said === '' ? null : said;
}
