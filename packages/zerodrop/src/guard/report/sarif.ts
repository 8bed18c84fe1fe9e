import type { Finding } from '../finding.ts';
import type { Review } from '../review.ts';
import { rules } from '../rules/index.ts';

/** A review as SARIF 2.1.0, for code scanning. An allowed finding is a result that is suppressed. */
export function sarif(review: Review): string {
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
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(finding: Finding): Readonly<Record<string, unknown>> {
  const { rule, severity, sentence, path, line, column, endLine, endColumn } = finding;
  const hasEnd = endLine > line || endColumn > column;
  const region = { startLine: line, startColumn: column, ...(hasEnd ? { endLine, endColumn } : {}) };
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: severity === 'refuse' ? 'error' : 'warning',
    message: { text: sentence },
    locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(path) }, region } }],
  };
}
