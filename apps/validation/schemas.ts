import { Application } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application';
import { AppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';

/** Where a document departs from its schema, in the schema's words. */
export interface SchemaProblem {
  /** As a JSON pointer: `/spec/replicas`. */
  readonly pointer: string;
  readonly message: string;
}

/** The kinds that can be validated, by `apiVersion/kind`. Deep imports: the packages' indexes load a thousand schemas. */
const schemas: ReadonlyMap<string, { readonly prototype: { validate(): void } }> = new Map(
  [Namespace, ServiceAccount, Service, Deployment, PodDisruptionBudget, NetworkPolicy, AppProject, Application].map(
    (model) => [`${model.apiVersion}/${model.kind}`, model],
  ),
);

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
}

function isSchemaFailure(error: unknown): error is { readonly errors: readonly SchemaError[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

/** One problem for each error, but a single one where a value fits none of several types. */
function toProblems(errors: readonly SchemaError[]): SchemaProblem[] {
  const choices = new Set(errors.filter(({ keyword }) => keyword === 'oneOf').map(({ instancePath }) => instancePath));
  const single = errors.filter(({ instancePath }) => !choices.has(instancePath));
  const among = [...choices].map((pointer) => {
    const types = errors.filter(({ instancePath, keyword }) => instancePath === pointer && keyword !== 'oneOf');
    return { pointer, message: types.map(({ message }) => message).join(' or ') };
  });
  return [
    ...single.map(({ instancePath, message }) => ({ pointer: instancePath, message: message ?? 'is wrong' })),
    ...among,
  ];
}

/** Checks a document against the schema of its kind; null where the kind has none here. */
export function schemaProblems(apiVersion: string, kind: string, document: object): SchemaProblem[] | null {
  const schema = schemas.get(`${apiVersion}/${kind}`);
  if (schema === undefined) return null;
  try {
    // On the prototype: the constructor would copy the document, and with it hide what nobody looked at.
    schema.prototype.validate.call(document);
    return [];
  } catch (error) {
    if (!isSchemaFailure(error)) throw error;
    return toProblems(error.errors);
  }
}
