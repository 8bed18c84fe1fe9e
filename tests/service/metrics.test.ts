import { expect, test } from 'vitest';
import { patiently } from './patience.ts';
import { ask } from './request.ts';
import { serving } from './serving.ts';

async function scrape(port: number): Promise<string> {
  return (await ask(port, '/metrics')).body.toString();
}

test('counts requests by route pattern, never by path', async () => {
  await serving(async ({ port, managementPort }) => {
    await ask(port, '/version?a=1');
    await ask(port, '/version?a=2');
    await ask(port, '/no-such-path');
    await expect
      .poll(() => scrape(managementPort), patiently)
      .toContain(
        'http_server_request_duration_seconds_count{http_request_method="GET",http_route="none",http_response_status_code="404"} 1',
      );
    const text = await scrape(managementPort);
    expect(text).toContain(
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/version",http_response_status_code="200"} 2',
    );
    expect(text).toMatch(/^http_server_requests_total\{http_response_status_code="200"\} 2$/m);
    expect(text).toMatch(/^http_server_requests_total\{http_response_status_code="404"\} 1$/m);
    expect(text).not.toContain('no-such-path');
  });
});

test('tells how many requests are open and which build answers them', async () => {
  await serving(async ({ managementPort }) => {
    const text = await scrape(managementPort);
    expect(text).toMatch(/^http_server_active_requests 0$/m);
    expect(text).toMatch(/^build_info\{version="1\.4\.0",revision="0123abc"\} 1$/m);
  });
});

test("speaks Prometheus' text format", async () => {
  await serving(async ({ managementPort }) => {
    expect((await ask(managementPort, '/metrics')).headers['content-type']).toMatch(/^text\/plain/);
    for (const line of (await scrape(managementPort)).trim().split('\n')) {
      expect(line).toMatch(/^(#.*|[a-z_]+(\{.*\})? [-+.\deInf]+|)$/);
    }
  });
});
