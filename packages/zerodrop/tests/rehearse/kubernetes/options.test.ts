import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { parseOptions } from '../../../src/rehearse/options.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const registry = ['--registry', 'localhost:5001'];

describe('a real cluster', () => {
  test('needs little to be said', () => {
    expect(parseOptions(['--context', 'kind', ...registry])).toMatchObject({
      control: 'as the scene says',
      compare: false,
      context: {
        context: 'kind',
        images: { registry: 'localhost:5001' },
        gitHost: '127.0.0.1',
        repository: null,
        expose: 'node-port',
        url: null,
        webhook: null,
        webhookSecret: null,
        poll: false,
        keep: false,
      },
    });
  });

  test('is compared with the embedded one without a control', () => {
    const options = parseOptions(['--compare', 'kind', ...registry]);

    expect(options).toMatchObject({ compare: true, control: null, context: { context: 'kind' } });
  });

  test('takes images that exist, with the version that their tag says', () => {
    const images = `registry/web:1.0@${digest},registry/web:1.1@${digest}`;

    expect(parseOptions(['--context', 'kind', '--images', images])?.context?.images).toMatchObject({
      given: [
        { repository: 'registry/web', version: '1.0' },
        { repository: 'registry/web', version: '1.1' },
      ],
    });
  });

  test('signs a webhook with what the environment says', () => {
    const args = ['--context', 'kind', ...registry, '--webhook', 'https://argocd/api/webhook'];

    expect(parseOptions(args, { ARGOCD_WEBHOOK_SECRET: 'quiet' })?.context).toMatchObject({
      webhook: 'https://argocd/api/webhook',
      webhookSecret: 'quiet',
    });
  });

  test.each([
    [['--context', 'kind'], 'Say where they are pushed by --registry'],
    [['--context', 'a', '--compare', 'b', ...registry], 'exclude each other: each names the context itself'],
    [['--context', 'kind', ...registry, '--images', 'x'], '--registry and --images exclude each other'],
    [['--context', 'kind', '--registry', 'https://localhost:5001'], '--registry is "https://localhost:5001"'],
    [['--context', 'kind', '--registry', 'localhost:5001/'], 'without a slash at the end'],
    [['--context', 'kind', '--images', `web:1@${digest}`], 'two references are expected'],
    [
      ['--context', 'kind', '--images', `web:1,web:2@${digest}`],
      '--images has "web:1", but name:tag@sha256: and 64 lower case hex digits are expected.',
    ],
    [['--context', 'kind', '--images', `a:1@${digest},b:2@${digest}`], 'names a and b'],
    [['--context', 'kind', '--images', `a:1@${digest},a:1@${digest}`], 'names the tag 1 twice'],
    [['--context', 'kind', ...registry, '--expose', 'ingress'], '--expose is "ingress"'],
    [['--context', 'kind', ...registry, '--url', 'localhost:80'], '--url is "localhost:80"'],
    [['--context', 'kind', ...registry, '--url', 'https://a.b'], "the rehearsal's Service speaks plain HTTP"],
    [['--context', 'kind', ...registry, '--url', 'http://a.b/web'], 'without a path'],
    [['--context', 'kind', ...registry, '--webhook', 'http://a', '--poll'], '--webhook and --poll exclude each other'],
    [['--keep'], '--keep is for a real cluster'],
    [[...registry], '--registry is for a real cluster'],
  ])('refuses %j', (args, sentence) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(sentence);
  });
});
