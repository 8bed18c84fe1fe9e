#!/usr/bin/env node
// A file of its own, so that npm can link the command before the package is compiled. In a clone that is not compiled, such as that of
// the action and of the hook, Node.js runs TypeScript as it is.
import { existsSync } from 'node:fs';

const compiled = new URL('../dist/cli.js', import.meta.url);
const isCompiled = existsSync(compiled);

if (isCompiled || process.features.typescript) {
  const { main } = await import(isCompiled ? compiled : new URL('../src/cli.ts', import.meta.url));
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(
    `zerodrop: this clone is not compiled, and Node.js ${process.versions.node} can't run TypeScript. Use Node.js 24, or compile it: npm run build --workspace zerodrop.\n`,
  );
  process.exitCode = 2;
}
