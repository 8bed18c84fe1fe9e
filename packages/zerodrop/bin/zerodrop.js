#!/usr/bin/env node
// A file of its own, so that npm can link the command before the package is compiled.
import { main } from '../dist/cli.js';

process.exitCode = await main(process.argv.slice(2));
