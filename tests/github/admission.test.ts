import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sources } from './workflows.ts';

const text = readFileSync('docs/admission/cluster-image-policy.yaml', 'utf8');
const policy: {
  spec: { authorities: { keyless: { identities: { issuer: string; subject: string }[] } }[] };
} = parse(text);

test('the example admits what one workflow has signed on main, by the issuer that the release checks', () => {
  const identities = policy.spec.authorities.flatMap(({ keyless }) => keyless.identities);
  const [, file = ''] =
    /^https:\/\/github\.com\/[^/]+\/[^/]+\/(.+)@refs\/heads\/main$/.exec(identities[0]?.subject ?? '') ?? [];

  expect(identities).toHaveLength(1);
  expect(existsSync(file)).toBe(true);
  const signing = sources.find((source) => source.file === file)?.text ?? '';
  expect(signing).toContain('cosign sign');
  expect(signing).toContain(`ISSUER: ${identities[0]?.issuer}`);
});

test('the signature is in the format that the policy is read with', () => {
  // policy-controller finds no signature in a bundle, only attestations (sigstore/policy-controller #1899).
  expect(text).not.toContain('signatureFormat');
  expect(sources.map((source) => source.text).join('\n')).toContain('--new-bundle-format=false');
});
