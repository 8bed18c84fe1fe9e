import { expect, test } from 'vitest';
import { allowances } from '../../src/guard/exceptions.ts';
import { judge } from '../../src/guard/index.ts';
import { formats } from '../../src/guard/report/formats.ts';
import { reviewOf } from '../../src/guard/review.ts';
import { budget, deployment } from './manifests.ts';
import { edited, inFolder, swap } from './sample.ts';

const path = 'manifests/production/web.yaml';
const base = inFolder((one) => one);
const annotated = edited(
  budget,
  '  namespace: shop\n',
  '  namespace: shop\n  annotations: {zerodrop.dev/allow.budget-lost: "one at night"}\n',
);
const bold = edited(deployment, 'maxUnavailable: 0', 'maxUnavailable: 1');
const after = inFolder((one) =>
  one === deployment ? bold : one === budget ? annotated.replace('maxUnavailable: 1', 'maxUnavailable: 3') : one,
);
const files = new Map([[path, after]]);
const before = new Map([[path, base]]);
const judgement = judge(before, files, { profile: 'lossless' });
const { findings } = judgement;
const review = reviewOf({ ...judgement, notes: [...judgement.notes, 'a note about @acme/web and #12'] }, []);
const shown = { files, before, isColoured: false };

const granted = (value: string) =>
  allowances([{ commit: 'abc', trailers: [value], message: `Guard-Allowed: ${value}` }], judgement.objects);

const judged = (severities: Record<string, 'off' | 'warn'>) =>
  judge(new Map([[path, base]]), new Map([[path, inFolder(swap(deployment, bold))]]), {
    profile: 'lossless',
    severities,
  }).findings.map(({ severity }) => severity);

const left = (value: string): number => reviewOf(judgement, granted(value).granted).refused.length;
const faults = (value: string): readonly string[] =>
  granted(value).ineffective.map(({ what, fix }) => `${what}. ${fix}`);

test('an annotation of the object allows its finding, with a reason', () => {
  expect(review.refused.map(({ rule }) => rule)).toEqual(['max-unavailable']);
  expect(review.allowed).toMatchObject([{ rule: 'budget-lost', because: 'one at night', by: 'annotation' }]);
  const bare = judge(new Map([[path, base]]), new Map([[path, after.replace('"one at night"', '""')]]), {
    profile: 'lossless',
  });
  expect(reviewOf(bare, []).allowed).toEqual([]);
});

test('a trailer allows a rule for one object, or for all', () => {
  expect(left('max-unavailable Deployment/web: why')).toBe(0);
  expect(left('max-unavailable Deployment/shop/web: why')).toBe(0);
  expect(left('max-unavailable: why')).toBe(0);
  expect(left('max-unavailable Deployment/eb: why')).toBe(1);
  expect(left('max-unavailable Service/web: why')).toBe(1);
  expect(faults('max-unavailable Deployment/web: why')).toEqual([]);
  expect(faults('max-unavailable: why')).toEqual([]);
  expect(faults('max-unavailable Deployment/web')).toEqual([expect.stringContaining('gives no reason')]);
  expect(faults('max-unavalable: why')).toEqual([
    expect.stringMatching(/names max-unavalable, which is no rule.*Did you mean max-unavailable\?/),
  ]);
  expect(faults('max-unavailable Deployment/wbe: why')).toEqual([
    expect.stringMatching(/names Deployment\/wbe, which is no object.*Did you mean Deployment\/web\?/),
  ]);
  expect(faults('max-unavailable web: why')).toEqual([
    expect.stringMatching(/for every object, because web is no Kind\/name.*Deployment\/shop\/web/),
  ]);
});

test('text has the line in a frame, with the field underlined', () => {
  const line = after.split('\n').findIndex((one) => one.includes('maxUnavailable: 1')) + 1;
  expect(formats.text(review, shown)).toContain(
    `> ${line} |       maxUnavailable: 1\n     |       ^^^^^^^^^^^^^^^^^\n`,
  );
  expect(formats.text(review, shown)).toContain('Refused: 1 refusal, 1 finding allowed.');
  expect(formats.text(review, { ...shown, isColoured: true })).toContain('\u001B[');
  expect(formats.text(review, shown)).not.toContain('\u001B[');
});

test('github escapes what a workflow command would end at', () => {
  const said = formats.github(
    reviewOf(
      {
        ...judgement,
        findings: findings.map((finding) => ({ ...finding, path: 'a,b:c.yaml', sentence: '50%\nmore' })),
      },
      [],
    ),
  );
  expect(said).toMatch(/^::error file=a%2Cb%3Ac\.yaml,line=\d+,endLine=\d+,title=max-unavailable::50%25%0Amore%0A/);
});

test('markdown tells nobody and links nothing', () => {
  const said = formats.markdown(review);
  expect(said).toContain('**max-unavailable** at `manifests/production/web.yaml:');
  expect(said).toContain('a note about @ acme/web and no. 12');
  expect(said).toContain('```yaml\n  maxUnavailable: 0');
});

test('SARIF names rules, places and what is suppressed', () => {
  const { runs } = JSON.parse(formats.sarif(review)) as {
    runs: readonly {
      tool: { driver: { rules: { id: string }[] } };
      results: { ruleId: string; ruleIndex: number; suppressions?: unknown }[];
    }[];
  };
  const [run] = runs;
  expect(run?.results).toMatchObject([
    {
      ruleId: 'max-unavailable',
      level: 'error',
      locations: [{ physicalLocation: { artifactLocation: { uri: path } } }],
    },
    { ruleId: 'budget-lost', suppressions: [{ kind: 'inSource', justification: 'one at night' }] },
  ]);
  for (const result of run?.results ?? []) expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
});

test('severities can be set by rule', () => {
  expect(judged({})).toEqual(['refuse']);
  expect(judged({ 'max-unavailable': 'warn' })).toEqual(['warn']);
  expect(judged({ 'max-unavailable': 'off' })).toEqual([]);
});
