import { createSign } from 'node:crypto';
import { environment, fail, input, output, saveState } from './runner.ts';

async function ask(method: string, path: string, token: string, body?: object): Promise<unknown> {
  const response = await fetch(`${environment('GITHUB_API_URL')}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) fail(`GitHub answers ${method} ${path} with ${response.status}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What an App proves itself with (RFC 7519, as docs.github.com "Generating a JSON Web Token" has it). */
function signed(clientId: string, key: string): string {
  const seconds = Math.floor(Date.now() / 1_000);
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: seconds - 30, exp: seconds + 300, iss: clientId })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

/** A token of the App that is installed in the repository, with the rights that are asked for. */
export async function appToken(): Promise<void> {
  const key = input('private-key');
  if (key === '') fail('The input private-key is empty.');
  const proof = signed(input('client-id'), key);
  const installation: Partial<Record<'id' | 'app_slug', unknown>> = Object(
    await ask('GET', `/repos/${environment('GITHUB_REPOSITORY')}/installation`, proof),
  );
  const permissions = Object.fromEntries(
    Object.entries(process.env)
      .filter(([name]) => name.startsWith('INPUT_PERMISSION-'))
      .map(([name, value]) => [name.slice('INPUT_PERMISSION-'.length).toLowerCase().replaceAll('-', '_'), value]),
  );
  const made: { token?: string } = Object(
    await ask('POST', `/app/installations/${String(installation.id)}/access_tokens`, proof, { permissions }),
  );
  const { token = '' } = made;
  process.stdout.write(`::add-mask::${token}\n`);
  output('token', token);
  output('app-slug', String(installation.app_slug));
  saveState('token', token);
}

/** Ends the token with the job. */
export async function revoke(): Promise<void> {
  const token = process.env['STATE_token'] ?? '';
  if (token !== '') await ask('DELETE', '/installation/token', token);
}
