import {
  at,
  type Fields,
  type Finding,
  items,
  labelFault,
  labelValueFault,
  qualifiedFault,
  texts,
  under,
} from '../grammar.ts';

// apimachinery/pkg/api/validation/objectmeta.go, TotalAnnotationSizeLimitB.
const longestAnnotations = 256 * 1024;

/** Labels as they are in metadata, in selectors and in nodeSelector. */
export function* labelFindings(path: string, labels: unknown): Generator<Finding> {
  for (const [key, value] of texts(labels)) {
    const fault = qualifiedFault(key);
    if (fault !== null) yield { path, says: fault };
    const valueFault = labelValueFault(value);
    if (valueFault !== null) yield { path: `${path}['${key}']`, says: valueFault };
  }
}

/** The metadata of an object, or of the pods of a template; the object's own name is its kind's affair. */
export function* metadataFindings(metadata: Fields): Generator<Finding> {
  yield* labelFindings('labels', metadata['labels']);
  const annotations = texts(metadata['annotations']);
  for (const [key] of annotations) {
    const fault = qualifiedFault(key.toLowerCase());
    if (fault !== null) yield { path: 'annotations', says: fault };
  }
  const finalizers: readonly unknown[] = Array.isArray(metadata['finalizers']) ? metadata['finalizers'] : [];
  for (const finalizer of finalizers) {
    const fault = qualifiedFault(finalizer);
    if (fault !== null) yield { path: 'finalizers', says: fault.replace('the key', 'the name') };
  }
  const bytes = annotations.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (bytes > longestAnnotations) {
    yield {
      path: 'annotations',
      says: `has ${bytes} bytes, but an object may have ${longestAnnotations} of annotations. Keep the rest in a ConfigMap`,
    };
  }
  const { namespace } = metadata;
  const fault = namespace === undefined ? null : labelFault(namespace);
  if (fault !== null) yield { path: 'namespace', says: fault };
}

/** A selector of labels. */
export function* selectorFindings(selector: Fields): Generator<Finding> {
  yield* labelFindings('matchLabels', selector['matchLabels']);
  for (const [index, requirement] of items(selector['matchExpressions'])) {
    yield* under(`matchExpressions[${index}]`, requirementFindings(requirement, []));
  }
}

/** One line of a selector; `more` are the operators that it may have beyond those of labels. */
export function* requirementFindings({ key, operator, values }: Fields, more: readonly string[]): Generator<Finding> {
  const [listed, alone] = [
    ['In', 'NotIn'],
    ['Exists', 'DoesNotExist'],
  ];
  const given: readonly unknown[] = Array.isArray(values) ? values : [];
  const fault = qualifiedFault(key);
  if (fault !== null) yield { path: '', says: fault };
  const name = String(operator);
  const known = [...listed, ...alone, ...more];
  if (!known.includes(name)) yield { path: 'operator', says: `is '${name}'. Expected one of ${known.join(', ')}` };
  else if (listed.includes(name) && given.length === 0) {
    yield { path: 'values', says: `is empty, but ${name} needs a value. Add one` };
  } else if (alone.includes(name) && given.length > 0) {
    yield { path: 'values', says: `is set, but ${name} takes none. Remove it` };
  } else if (more.includes(name) && (given.length !== 1 || !/^-?\d+$/.test(String(given[0])))) {
    yield { path: 'values', says: `has to be one whole number in quotes for ${name}. Correct it` };
  }
  for (const [index, value] of given.entries()) {
    const valueFault = labelValueFault(value);
    if (valueFault !== null && !more.includes(name)) yield { path: `values[${index}]`, says: valueFault };
  }
}

/** A controller's selector has to select the pods that its template makes, and something at all. */
export function* templateSelectorFindings(spec: Fields): Generator<Finding> {
  const selector = spec['selector'];
  const wanted = texts(at(selector, 'matchLabels'));
  const labels = at(spec, 'template', 'metadata', 'labels');
  if (selector !== undefined && wanted.length === 0 && items(at(selector, 'matchExpressions')).length === 0) {
    yield { path: 'selector', says: 'is empty, but a controller needs labels to know its pods by. Add matchLabels' };
  }
  for (const [key, value] of wanted) {
    if (at(labels, key) === value) continue;
    yield {
      path: 'selector',
      says: `selects ${key}=${value}, which the pods of template don't have. Give spec.template.metadata.labels the same label`,
    };
  }
}
