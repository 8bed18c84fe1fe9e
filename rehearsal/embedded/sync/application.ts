import { at, textAt, textsAt } from './fields.ts';
import type { Manifest } from './manifest.ts';

/** What an Argo CD Application asks for. */
export interface Application {
  readonly name: string;
  readonly project: string;
  readonly repository: string;
  readonly revision: string;
  readonly path: string;
  readonly destination: { readonly server: string; readonly namespace: string };
  /** Null where nobody syncs but by hand. */
  readonly automated: { readonly prune: boolean; readonly selfHeal: boolean; readonly allowEmpty: boolean } | null;
  /** Prune after everything else is healthy, not before it is applied. */
  readonly pruneLast: boolean;
}

export function isApplication({ apiVersion, kind }: Manifest): boolean {
  return kind === 'Application' && apiVersion.startsWith('argoproj.io/');
}

/** Reads an Application, with Argo CD's own defaults. */
export function readApplication(manifest: Manifest): Application {
  const { spec } = manifest;
  const automated = at(spec, 'syncPolicy', 'automated');
  const isOn = automated !== undefined && automated !== null && at(automated, 'enabled') !== false;
  return {
    name: manifest.metadata.name,
    project: textAt(spec, 'project') ?? 'default',
    repository: textAt(spec, 'source', 'repoURL') ?? '',
    revision: textAt(spec, 'source', 'targetRevision') ?? 'HEAD',
    path: textAt(spec, 'source', 'path') ?? '.',
    destination: {
      server: textAt(spec, 'destination', 'server') ?? textAt(spec, 'destination', 'name') ?? '',
      namespace: textAt(spec, 'destination', 'namespace') ?? 'default',
    },
    automated: isOn
      ? {
          prune: at(automated, 'prune') === true,
          selfHeal: at(automated, 'selfHeal') === true,
          allowEmpty: at(automated, 'allowEmpty') === true,
        }
      : null,
    pruneLast: textsAt(spec, 'syncPolicy', 'syncOptions').includes('PruneLast=true'),
  };
}
