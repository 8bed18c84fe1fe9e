import { application, autoscaler, budget, configuration, deployment, policy, project, service } from '../manifests.ts';
import type { Chance } from '../random.ts';

const documents = [
  application,
  autoscaler(3),
  budget,
  configuration,
  deployment,
  policy,
  project,
  service,
  'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: a}\n',
  'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {hostnames: [a], rules: [{backendRefs: [{name: web, port: 80, weight: 1}]}]}\n',
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {rules: [{host: a, http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}]}}]}\n',
  'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s}\nspec: {replicas: 2, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}}\n',
];

/** What breaks readers: marks of YAML, of other tools, and values of other kinds than the field has. */
const pieces = [
  '---\n',
  '...\n',
  '*a',
  '&a ',
  '!!int ',
  '!x ',
  '{',
  '}',
  '[',
  ']',
  ': ',
  '- ',
  '? ',
  '#',
  '|\n',
  '>-\n',
  '"',
  "'",
  '\\',
  '\t',
  '\r\n',
  '\u0000',
  '\uFEFF',
  '\u2028',
  '\uD800',
  '%YAML 1.2\n',
  '<<: *a\n',
  '{{ x }}',
  'null',
  '~',
  'true',
  'no',
  '-1',
  '1e999',
  '0x1',
  '08',
  '.nan',
  '1:30',
  '2001-01-01',
  '__proto__: x\n',
  'constructor: x\n',
  'toString',
  '*',
  '**',
  '100%',
  '%',
  '[[',
  '(a+)+',
  '=',
  '\n',
  '  ',
];

/** A text that may be anything: bytes, pieces of YAML, or manifests with parts in the wrong place. */
export function anyText(chance: Chance): string {
  if (chance.next() < 0.1) {
    return Array.from({ length: chance.integer(60) }, () =>
      String.fromCharCode(chance.integer(chance.next() < 0.5 ? 128 : 65_536)),
    ).join('');
  }
  let text = Array.from({ length: 1 + chance.integer(2) }, () => chance.of(documents)).join('---\n');
  for (let mutations = 1 + chance.integer(5); mutations > 0; mutations -= 1) text = mutated(text, chance);
  return text;
}

function mutated(text: string, chance: Chance): string {
  const at = chance.integer(text.length + 1);
  switch (chance.integer(6)) {
    case 0:
      return text.slice(0, at) + chance.of(pieces) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + chance.integer(8));
    case 2:
      return withLines(text, (lines) => lines.toSpliced(chance.integer(lines.length), 1));
    case 3:
      return withLines(text, (lines) => lines.toSpliced(chance.integer(lines.length), 0, chance.of(lines)));
    case 4:
      // Another value of a field.
      return withLines(text, (lines) => {
        const index = chance.integer(lines.length);
        return lines.with(index, (lines[index] ?? '').replace(/: .*$/, `: ${chance.of(pieces)}`));
      });
    default:
      return withLines(text, (lines) => {
        const index = chance.integer(lines.length);
        return lines.with(index, `${' '.repeat(chance.integer(5))}${(lines[index] ?? '').trimStart()}`);
      });
  }
}

function withLines(text: string, change: (lines: string[]) => string[]): string {
  return change(text.split('\n')).join('\n');
}
