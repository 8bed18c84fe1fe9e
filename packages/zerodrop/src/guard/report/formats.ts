import { type Finding, placeOf } from '../finding.ts';
import { type Review, verdictOf } from '../review.ts';
import { rules } from '../rules/index.ts';
import { github, markdown } from './github.ts';
import { type Shown, text } from './text.ts';

/** The words for a review, by the name that `--format` takes. */
export const formats = { text, json, github, sarif, markdown } as const satisfies Readonly<
  Record<string, (review: Review, shown: Shown) => string>
>;

export type Format = keyof typeof formats;

export function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}

/** A review as JSON, for programs. Fields are only ever added. */
function json(review: Review): string {
  const { refused, warned, allowed, notes, compared } = review;
  const verdict = refused.length > 0 ? 'refused' : 'passed';
  const summary = verdictOf(review);
  return `${JSON.stringify({ version: 1, verdict, summary, compared, refused, warned, allowed, notes }, null, 2)}\n`;
}

/** A review as SARIF 2.1.0, for code scanning. An allowed finding is a result that is suppressed. */
function sarif(review: Review): string {
  const results = [
    ...[...review.refused, ...review.warned].map((finding) => resultOf(finding)),
    ...review.allowed.map((finding) => ({
      ...resultOf(finding),
      suppressions: [{ kind: 'inSource', justification: finding.because }],
    })),
  ];
  const driver = {
    name: 'zerodrop guard',
    rules: rules.map(({ id, title }) => ({ id, shortDescription: { text: title } })),
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results, properties: { compared: review.compared } }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(finding: Finding): Readonly<Record<string, unknown>> {
  const { rule, severity, sentence, path, isGone, commit, suggestion } = finding;
  const artifactLocation = { uri: encodeURI(path) };
  const region = regionOf(finding);
  // A line that is gone is none of the file that is shown.
  const physicalLocation = isGone ? { artifactLocation } : { artifactLocation, region };
  const place = isGone || commit !== null ? `${placeOf(finding)}: ` : '';
  const replacements = [{ deletedRegion: region, insertedContent: { text: suggestion } }];
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: severity === 'refuse' ? 'error' : 'warning',
    message: { text: `${place}${sentence}` },
    ...(commit === null ? { locations: [{ physicalLocation }] } : {}),
    ...(suggestion === null
      ? {}
      : { fixes: [{ description: { text: finding.fix }, artifactChanges: [{ artifactLocation, replacements }] }] }),
  };
}

function regionOf({ line, column, endLine, endColumn }: Finding): Readonly<Record<string, number>> {
  const hasEnd = endLine > line || endColumn > column;
  return { startLine: line, startColumn: column, ...(hasEnd ? { endLine, endColumn } : {}) };
}
