import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundlePrograms } from './src/rehearse/embedded/programs.ts';

// Adds to dist/ what tsc does not write: the live page, and the programs of the embedded cluster, with the licences of what is in them.
const own = import.meta.dirname;
const live = 'live/live.html';
await copyFile(path.join(own, 'src', live), path.join(own, 'dist', live));
const embedded = path.join(own, 'dist', 'rehearse', 'embedded');
const programs = path.join(embedded, 'programs');
await rm(programs, { recursive: true, force: true });
const files = await bundlePrograms(programs, true);
const packages = files.flatMap(
  (file) => /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path.resolve(file))?.slice(1) ?? [],
);
const notices: string[] = [];
for (let index = 0; index < packages.length; index += 2) {
  const [folder = '', name = ''] = packages.slice(index);
  if (notices.some((notice) => notice.startsWith(`${name}\n`))) continue;
  const names = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|notice)/i.test(file));
  const texts = await Promise.all(names.toSorted().map((file) => readFile(path.join(folder, file), 'utf8')));
  notices.push([name, ...texts].join('\n'));
}
await writeFile(path.join(programs, 'NOTICE'), notices.join('\n\n'));
