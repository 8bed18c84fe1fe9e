import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import manifest from 'zerodrop/package.json' with { type: 'json' };

/** The modules of this repository that these run by their imports, themselves included; what is imported for its types alone is not. */
export function modulesOf(...starts: readonly string[]): readonly string[] {
  const reached = new Set<string>();
  const follow = (module: string): void => {
    if (reached.has(module)) return;
    reached.add(module);
    for (const [, target = ''] of readFileSync(module, 'utf8').matchAll(
      /(?:^(?:import|export) (?!type )[^;]*?from |import\()'(\.[^']+\.ts|zerodrop\/[^']+)'/gm,
    )) {
      const found = target.startsWith('.')
        ? path.posix.join(path.posix.dirname(module), target)
        : path.posix.join('packages/zerodrop', sourceOf(target.replace('zerodrop', '.')));
      if (existsSync(found)) follow(found);
    }
  };
  for (const start of starts) follow(start);
  return [...reached];
}

/** The source that the package exports under a name, as `./guard`. */
function sourceOf(name: string): string {
  const [, found] = Object.entries(manifest.exports).find(([exported]) => exported === name) ?? [];
  return typeof found === 'object' ? found['zerodrop-source'] : '';
}
