import { appAddress } from '../app-address.ts';
import { ended, type Ended } from '../ended.ts';
import { readArguments, required } from './arguments.ts';

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
