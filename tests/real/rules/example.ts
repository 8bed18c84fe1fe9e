import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Files, mainFile, type Manifest, objectsOf, readFile } from './manifest.ts';

const pages = path.resolve(import.meta.dirname, '../../../packages/zerodrop/docs/rules');

/** The page of a rule. */
export function pageOf(rule: string): string {
  return path.join(pages, `${rule}.md`);
}

/** The three examples of a rule's page, completed by what they need to be played: pods that serve, and the Service that leads there. */
export function examplesOf(rule: string): Readonly<Record<'before' | 'bad' | 'good', Files>> {
  const page = readFileSync(pageOf(rule), 'utf8');
  const before = example(page, 'before');
  const kinds = new Set(objectsOf(before).map(({ kind }) => kind));
  const missing = standard.filter(({ kind }) => !kinds.has(kind));
  const completed = (files: Files): Files => {
    const has = new Set(objectsOf(files).map(({ kind }) => kind));
    const added = missing.filter(({ kind }) => !has.has(kind));
    return added.length === 0 ? files : new Map([...files, ['manifests/production/beside.yaml', added]]);
  };
  return { before: completed(before), bad: completed(example(page, 'bad')), good: completed(example(page, 'good')) };
}

function example(page: string, name: string): Files {
  const text = new RegExp(`^\`\`\`yaml ${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';
  if (text.trim() === '') return new Map();
  const parts = text.startsWith('# file: ') ? text.split(/^# file: /m).slice(1) : [`${mainFile}\n${text}`];
  return new Map(
    parts.map((part) => [part.slice(0, part.indexOf('\n')), readFile(part.slice(part.indexOf('\n') + 1))]),
  );
}

/** What the examples of most pages have. */
const standard = readFile(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example/web:1.0.0@sha256:${'a'.repeat(64)}
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /readyz, port: http}}
`) as readonly Manifest[];
