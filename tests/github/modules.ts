import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The modules of this repository that these run by their imports, themselves included; what is imported for its types alone is not. */
export function modulesOf(...starts: readonly string[]): readonly string[] {
  const reached = new Set<string>();
  const follow = (module: string): void => {
    if (reached.has(module)) return;
    reached.add(module);
    for (const [, target = ''] of readFileSync(module, 'utf8').matchAll(
      /(?:^(?:import|export) (?!type )[^;]*?from |import\()'(\.[^']+\.ts)'/gm,
    )) {
      const found = path.posix.join(path.posix.dirname(module), target);
      if (existsSync(found)) follow(found);
    }
  };
  for (const start of starts) follow(start);
  return [...reached];
}
