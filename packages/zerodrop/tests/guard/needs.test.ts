import { describe, expect, test } from 'vitest';
import { account, configuration, deployment } from './manifests.ts';
import { changing, edited, inFolder, rulesOf, swap } from './sample.ts';

const secret = (name: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: shop}\ndata: {a: YQ==}\n`;

describe('what pods need to start', () => {
  test('B1: a key that pods read', () => {
    expect(changing(configuration, edited(configuration, '  greeting: hello\n', ''))).toContain('still-used');
    expect(changing(configuration, edited(configuration, '  other: unused\n', ''))).not.toContain('still-used');
  });

  test('B2 and B3: what others refer to in other ways', () => {
    const pull = inFolder(
      swap(
        deployment,
        edited(
          deployment,
          '      serviceAccountName: web\n',
          '      serviceAccount: web\n      imagePullSecrets: [{name: pull}]\n',
        ),
      ),
      secret('pull'),
    );
    expect(rulesOf(pull, pull.replace(`---\n${secret('pull')}`, ''))).toEqual(['still-used']);
    expect(rulesOf(pull, pull.replace(`${account}---\n`, ''))).toEqual(['still-used']);
    const tls =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, namespace: shop}\nspec: {tls: [{secretName: cert}], defaultBackend: {service: {name: web, port: {number: 80}}}}\n';
    expect(
      rulesOf(
        inFolder((one) => one, tls, secret('cert')),
        inFolder((one) => one, tls),
      ),
    ).toEqual(['still-used']);
    const cron = `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c, namespace: shop}\nspec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: 'x@sha256:${'b'.repeat(64)}', envFrom: [{configMapRef: {name: cron}}]}]}}}}}\n`;
    const cm = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cron, namespace: shop}\ndata: {a: b}\n';
    expect(
      rulesOf(
        inFolder((one) => one, cron, cm),
        inFolder((one) => one, cron),
      ),
    ).toEqual(['still-used']);
    const external =
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: es, namespace: shop}\nspec: {target: {name: pull}}\n';
    const made = pull.replace(secret('pull'), external);
    expect(rulesOf(made, made.replace(`---\n${external}`, ''))).toEqual(['still-used']);
  });

  test('B4 and B5: configuration that nothing rolls, or that can not change', () => {
    expect(changing(configuration, edited(configuration, 'hello', 'hi'))).toEqual(['configuration-unrolled']);
    const fixed = `${configuration}immutable: true\n`;
    expect(
      rulesOf(inFolder(swap(configuration, fixed)), inFolder(swap(configuration, edited(fixed, 'hello', 'hi')))),
    ).toContain('immutable-field');
  });

  test('B7: pods name what the folder lacks', () => {
    expect(changing(deployment, edited(deployment, 'serviceAccountName: web', 'serviceAccountName: shop'))).toEqual([
      'reference-missing (warn)',
    ]);
    expect(changing(deployment, edited(deployment, 'key: greeting', 'key: none'))).toEqual([
      'reference-missing (warn)',
    ]);
  });
});
