// node --import tsx packages/zerodrop/tests/guard/fuzz/main.ts COUNT [FIRST-SEED]
import { flawFor } from './fuzz.ts';

const [count = 1_000_000, first = 0] = process.argv.slice(2).map(Number);
const startedAt = performance.now();
let flaws = 0;
for (let seed = first; seed < first + count && flaws < 10; seed += 1) {
  const flaw = flawFor(seed);
  if (flaw === null) continue;
  flaws += 1;
  process.stdout.write(`seed ${seed}: ${flaw}\n`);
}
process.stdout.write(`${count} inputs, ${flaws} flaws, ${((performance.now() - startedAt) / 1_000).toFixed(0)} s\n`);
process.exitCode = flaws === 0 ? 0 : 1;
