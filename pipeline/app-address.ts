import { isRecord } from '../settings/sentences.ts';
import { type Ended, ended, readArguments, required } from './command.ts';

/** Longer than GitHub takes to answer, and short beside a rollback. */
const limitMs = 10_000;

/** The API of a GitHub, its web address, and the token of an App. */
interface Place {
  readonly api: string;
  readonly server: string;
  readonly token: string;
}

/**
 * The address that an App commits with. GitHub links a commit to the App by the number in it; where the API does not say the
 * number there is none in it, because a missing link must not stop a rollback.
 *
 * @param slug the App's name in its address at GitHub
 */
export async function appAddress({ api, server, token }: Place, slug: string): Promise<string> {
  const number = await userNumber(`${api}/users/${encodeURIComponent(`${slug}[bot]`)}`, token);
  return `${number === null ? '' : `${number}+`}${slug}[bot]@users.noreply.${new URL(server).host}`;
}

async function userNumber(url: string, token: string): Promise<number | null> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const user: unknown = await (await fetch(url, { headers, signal: AbortSignal.timeout(limitMs) })).json();
    return isRecord(user) && typeof user['id'] === 'number' ? user['id'] : null;
  } catch {
    return null;
  }
}

/** `address --app SLUG`: the address that an App commits with. */
export async function addressCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, { app: { type: 'string' } });
  const place = {
    api: process.env['GITHUB_API_URL'] ?? 'https://api.github.com',
    server: process.env['GITHUB_SERVER_URL'] ?? 'https://github.com',
    token: required('The variable GH_TOKEN', process.env['GH_TOKEN']),
  };
  return ended(`${await appAddress(place, required('--app', values.app))}\n`);
}
