import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';

const chromium = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((program) => program !== undefined && existsSync(program));

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** A tab of a browser without a window, spoken to by the DevTools protocol over pipes. */
async function openTab(program: string) {
  const profile = mkdtempSync(path.join(tmpdir(), 'zerodrop-chromium-'));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-pipe'];
  const browser = spawn(program, [...flags, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , , to, from] = browser.stdio as unknown as [null, null, null, Writable, Readable];
  const ended = once(browser, 'exit');
  onTestFinished(async () => {
    browser.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const waiting = new Map<number, (message: Message) => void>();
  const told: Message[] = [];
  let read = '';
  let sent = 0;
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const [...parts] = (read + chunk).split('\0');
    read = parts.pop() ?? '';
    for (const message of parts.map((part): Message => JSON.parse(part))) {
      if (message.id === undefined) told.push(message);
      else waiting.get(message.id)?.(message);
    }
  });
  const call = async (
    method: string,
    params: object = {},
    sessionId?: unknown,
  ): Promise<NonNullable<Message['result']>> => {
    sent += 1;
    const id = sent;
    to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result = {} } = await new Promise<Message>((resolve) => waiting.set(id, resolve));
    return result;
  };
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const tab = async (method: string, params: object = {}) => call(method, params, sessionId);
  await Promise.all(['Page', 'Log', 'Network', 'Runtime'].map((domain) => tab(`${domain}.enable`)));
  return {
    tab,
    told,
    async evaluate(expression: string): Promise<unknown> {
      const { result } = await tab('Runtime.evaluate', { expression, returnByValue: true });
      return (Object(result) as Readonly<Record<string, unknown>>)['value'];
    },
  };
}

/** The page's server, as a process of its own. */
async function serve(port = '0'): Promise<{ readonly url: string; readonly server: ChildProcess }> {
  const program = fileURLToPath(new URL('serve.ts', import.meta.url));
  const server = spawn(process.execPath, ['--import', 'tsx', program, port], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  return { url: line.toString().trim(), server };
}

test.skipIf(chromium === undefined)(
  'in a browser (skipped without chromium): shows the run at 390 px and in the dark, asks nobody else, reconnects, and ends with the verdict',
  async () => {
    const [{ tab, told, evaluate }, { url, server }] = await Promise.all([openTab(chromium ?? ''), serve()]);
    await tab('Emulation.setDeviceMetricsOverride', { width: 390, height: 844, deviceScaleFactor: 1, mobile: true });
    await tab('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: 'dark' }] });
    await tab('Page.navigate', { url });
    const text = async (id: string): Promise<unknown> => evaluate(`document.getElementById('${id}').textContent`);
    await vi.waitFor(async () => expect(await text('connection')).toBe('live'), 5_000);
    expect([await text('title'), await text('sent'), await text('lost')]).toEqual(['web of staging', '200', '1']);
    expect(await text('rollout')).toBe('Pods over time: release of 1.2.4');
    expect(await text('left')).toMatch(/^\d+(\.\d)? s$/);
    expect(await text('pods')).toContain('1.2.3 terminating web-with-a-rather-long-name-3-a');
    // Old and new, as forecast and as they are, and where it stands.
    expect(await evaluate("document.querySelectorAll('#over-time path').length")).toBe(5);
    expect(await evaluate("document.querySelectorAll('#seconds .lost').length")).toBe(1);
    expect(await evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(13, 17, 23)');
    if (process.env['SCREENSHOT'] !== undefined) {
      const { data } = await tab('Page.captureScreenshot', {});
      writeFileSync(process.env['SCREENSHOT'], Buffer.from(String(data), 'base64'));
    }

    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
    await vi.waitFor(async () => expect(await text('connection')).toBe('connection lost, trying again'), 5_000);
    const again = await serve(new URL(url).port);
    await vi.waitFor(async () => expect(await text('connection')).toBe('live'), 5_000);
    const ended = once(again.server, 'exit');
    again.server.stdin?.write('end\n');
    await ended;
    await vi.waitFor(async () => expect(await text('verdict')).toBe('failed: 1 of 200 requests lost'), 5_000);
    expect(await text('connection')).toBe('The run has ended. This is how it stood.');

    const asked = told.flatMap(({ method, params }) =>
      method === 'Network.requestWillBeSent'
        ? [String((Object(params?.['request']) as Readonly<Record<string, unknown>>)['url'])]
        : [],
    );
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.filter((one) => !one.startsWith(url) && one !== 'data:,')).toEqual([]);
    const wrong = told.filter(({ method }) => method === 'Runtime.exceptionThrown');
    const violations = told.filter(({ params }) => JSON.stringify(params ?? {}).includes('Content Security Policy'));
    expect([wrong, violations]).toEqual([[], []]);
  },
  30_000,
);
