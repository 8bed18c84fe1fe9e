import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gitHubFrom } from '../../github/place.ts';
import { loadSettings } from '../../settings/load.ts';
import { writeComment } from '../comment/sticky.ts';
import { ended, type Ended } from '../ended.ts';
import { WrongUse } from '../wrong-use.ts';
import { required } from './arguments.ts';

/** `comment FILE --pull-request N --topic TEXT`: writes the file under the pull request, over what was there on the topic. */
export async function commentCommand(args: readonly string[]): Promise<Ended> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { 'pull-request': { type: 'string' }, topic: { type: 'string' } },
  });
  const number = required('--pull-request', values['pull-request']);
  if (!/^[1-9]\d*$/.test(number)) {
    throw new WrongUse(`--pull-request is ${JSON.stringify(number)}, expected a number.`);
  }
  const text = await readFile(required('The file', positionals[0]), 'utf8');
  const { repository } = await loadSettings('.');
  await writeComment(gitHubFrom(process.env, repository), Number(number), required('--topic', values.topic), text);
  return ended();
}
