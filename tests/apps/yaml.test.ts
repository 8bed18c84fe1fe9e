import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderYaml } from '../../apps/yaml.ts';

test('says where a file is from, then its documents', () => {
  expect(renderYaml(['settings.ts', 'apps/x.ts'], [{ kind: 'A' }, { kind: 'B' }])).toBe(
    '# Rendered from settings.ts, apps/x.ts by `npm run synth`. Do not edit.\nkind: A\n---\nkind: B\n',
  );
});

test('puts first what an object is, and the rest in one order whatever order it came in', () => {
  const text =
    '# Rendered from a by `npm run synth`. Do not edit.\nkind: A\nmetadata:\n  name: x\n  labels: {}\nspec:\n  a: 1\n  b: 2\n';
  expect(renderYaml(['a'], [{ spec: { b: 2, a: 1 }, metadata: { labels: {}, name: 'x' }, kind: 'A' }])).toBe(text);
  expect(renderYaml(['a'], [{ kind: 'A', metadata: { name: 'x', labels: {} }, spec: { a: 1, b: 2 } }])).toBe(text);
});

test.each(['yes', 'on', 'no', '12:30', '017', '1e3', '~', 'null', '1_000', '2026-01-01'])(
  'keeps the text %s a text for readers of YAML 1.1 and 1.2',
  (value) => {
    const text = renderYaml(['a'], [{ value }]);
    expect(parse(text, { version: '1.1' })).toEqual({ value });
    expect(parse(text, { version: '1.2' })).toEqual({ value });
  },
);

test('writes a long line as one, and a repeated object twice', () => {
  const long = 'word '.repeat(60).trim();
  const shared = { text: long };
  expect(
    renderYaml(['a'], [{ a: shared, b: shared }])
      .split('\n')
      .slice(1),
  ).toEqual(['a:', `  text: ${long}`, 'b:', `  text: ${long}`, '']);
});

// An API server of 1.35.4 read each of these as a number where it was not quoted.
test.each(['0o14', '-0o14', '0O14', '0B1', '0X1f', '1e1_0'])('quotes %s, which is a number for Go alone', (value) => {
  expect(renderYaml(['a'], [{ [value]: value }]).split('\n')[1]).toBe(`"${value}": "${value}"`);
});
