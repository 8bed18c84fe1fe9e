/**
 * The outputs of a workflow's step, as GitHub reads them from the file $GITHUB_OUTPUT. Throws for a value of several
 * lines: what follows the first would be outputs of its own.
 */
export function stepOutputs(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (/[\r\n]/.test(value)) throw new Error(`The output ${name} has several lines: ${JSON.stringify(value)}.`);
      return `${name}=${value}\n`;
    })
    .join('');
}
