import { expect, test } from 'vitest';
import { edited, linesAgainst, rulesAgainst, web } from '../rendered.ts';

const metadata = 'kind: Service\nmetadata:\n';
const annotated = (options: string): string =>
  edited(web, metadata, `${metadata}  annotations:\n    argocd.argoproj.io/sync-options: ${options}\n`);

test.each(['Replace=true', 'Force=true'])('refuses an object that asks for %s', (option) => {
  expect(linesAgainst(web, annotated(`Validate=false, ${option}`))).toEqual([
    `replace-or-force | argocd.argoproj.io/sync-options: Validate=false, ${option} | Service web-staging/web asks to be synced with ${option}. What can not be changed is deleted and made again, and every request in between is lost: take it away`,
  ]);
});

test('lets other options be', () => {
  expect(rulesAgainst(web, annotated('Replace=false,Validate=false'))).toEqual([]);
});
