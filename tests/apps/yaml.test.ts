import { expect, test } from 'vitest';
import { Document, isScalar, parse, visit } from 'yaml';
import { renderYaml, valuesYaml } from '../../apps/yaml.ts';

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

/** A number from 0 to below `below`, the next of a series that is always the same. */
function series(): (below: number) => number {
  let seed = 1;
  return (below) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
}

// A dot between each two, since some of them are spaces.
const texts = [
  'yes·no·y·N·on·~·null·true·· · a·a ·- a·-·? a·a: b·a:·:a·a #b·#a·12:30·1e3·0x1f·0o17·1_000·.5·.inf·+1·1.2.3·v1·@a·`a`·%a·*a·&a·!a',
  String.raw`{a·[a·a]·it's·"a"·a\b·é·--- a·...·=·<<·a, b·|·>·2026-01-31·example.com/web:v1@sha256:00·app.kubernetes.io/name·web-production`,
].flatMap((line) => line.split('·'));
// As a key, what parts documents is in quotes at every depth, and the library's at the first alone.
const keys = [...texts.filter((text) => !/^(?:---|\.\.\.)/.test(text)), 'a\tb', 'a'.repeat(200), 'a b'.repeat(100)];
const severalLines = ['a\nb', 'a\n\nb\n', 'a\n\n', ' a\n  b', '#a\nb', 'a: b\n---\nc', '\n', `a\n${'b'.repeat(200)}`];
const leaves: readonly unknown[] = [...texts, ...keys, ...severalLines, 0, 1, -1, 1.5, 1e21, true, false, null, {}, []];

// What Go reads as a number, of the texts above.
const goNumbers = new Set(['1e3', '0x1f', '0o17', '1_000', '.5', '+1', '1.2.3', '2026-01-31']);

/** What the library writes of a document, sorted as told, with Go's numbers in quotes. */
function written(value: unknown, compare?: (a: string, b: string) => number): string {
  const document = new Document(value, {
    version: '1.1',
    aliasDuplicateObjects: false,
    ...(compare && { sortMapEntries: (a, b) => compare(String(a.key), String(b.key)) }),
  });
  visit(document, (_key, node) => {
    const isNumber = isScalar(node) && typeof node.value === 'string' && goNumbers.has(node.value);
    if (isNumber) node.type = 'QUOTE_DOUBLE';
  });
  return document.toString({ lineWidth: 0 });
}

const byName = (a: string, b: string): number =>
  Number(a === 'name') * -2 + Number(b === 'name') * 2 + (a < b ? -1 : 1);

test('writes what the library writes, also of texts of several lines', () => {
  const next = series();
  const value = (depth: number): unknown => {
    const kind = next(depth > 3 ? 1 : 3);
    if (kind === 0) return leaves[next(leaves.length)];
    const items = Array.from({ length: next(5) }, () => value(depth + 1));
    if (kind === 1) return items;
    return Object.fromEntries(items.map((item) => [String(keys[next(keys.length)]), item]));
  };
  for (let count = 0; count < 300; count += 1) {
    const document = { a: value(0), b: value(0) };
    expect(valuesYaml(document)).toBe(written(document));
    expect(renderYaml([], [document]).split('\n').slice(1).join('\n')).toBe(written(document, byName));
  }
});
