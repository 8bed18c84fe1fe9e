import { OperationError, UsageError } from 'zerodrop/errors';
import { ApiError, connect } from 'zerodrop/rollout';
import { argoNamespace } from '../apps/argo/application.ts';
import { compareInstalled } from '../cluster/installed/installed.ts';
import { cutToLines, fenced, visible } from '../github/texts.ts';
import { contextOf } from '../settings/google/resolve.ts';
import { loadSettings } from '../settings/load.ts';
import { type Ended, readArguments, requiredCluster } from './command.ts';

/** A comment at GitHub holds 65,536 characters; a hidden mark that finds it again takes some of them. */
const longestText = 64_000;

/** Of the list of what is destroyed; Terraform's own text has all of it. */
const longestList = 8_000;

/**
 * A plan in Markdown: what it would destroy first, as that is what a reviewer must not miss.
 *
 * The text comes from a job that ran a pull request's code, and may be anything. All of it is in fences, where GitHub makes no
 * mention, link or picture of it, and without characters that hide others.
 */
export function planReport(stack: string, untrusted: string): string {
  const text = visible(untrusted);
  const title = `### ${stack}: ${verdict(text)}\n`;
  const lost = destroyed(text);
  const warning = lost.length === 0 ? '' : `\n> [!CAUTION]\n> Destroys:\n${quoted(lost.join('\n'))}\n`;
  if (!/\bto (?:add|change|destroy)\b/.test(text)) return title;
  const shown = cutToLines(asDifference(text.trim()), longestText - title.length - warning.length);
  return `${title}${warning}\n${fenced(shown, 'diff')}\n`;
}

function quoted(list: string): string {
  return fenced(cutToLines(list, longestList))
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

/** Terraform's own summary line. */
function verdict(text: string): string {
  const summary =
    /^(?:Plan: (?:\d+ to import, )?\d+ to add, \d+ to change, \d+ to destroy\.|No changes\. [\w ]+\.|Changes to Outputs:)$/m;
  return summary.exec(text)?.[0] ?? 'no summary from Terraform';
}

function destroyed(text: string): string[] {
  const line = /^ *# (\S.*?) (?:will be destroyed|must be replaced|will be replaced|is tainted, so must be replaced)/gm;
  return [...text.matchAll(line)].map(([, address = '']) => address);
}

/** Terraform indents its signs; GitHub colours a difference only by the first character of a line. */
function asDifference(text: string): string {
  return text.replaceAll(
    /^( +)([+~-])(?= )/gm,
    (_, indent: string, sign: string) => `${sign === '~' ? '!' : sign}${indent}`,
  );
}

// As cluster/stacks/stacks.ts names them.
const releases = ['argocd', 'root'];

/** `installed`: compares what Helm has installed, by its own record, with what the cluster has now. */
export async function installedCommand(args: readonly string[]): Promise<Ended> {
  const { values } = readArguments(args, {
    cluster: { type: 'string' },
    context: { type: 'string' },
    namespace: { type: 'string', default: argoNamespace },
  });
  const settings = await loadSettings('.');
  const context = values.context ?? contextOf(settings, requiredCluster(values.cluster, settings));
  try {
    const cluster = await connect(context);
    const { compared, problems } = await compareInstalled(cluster, values.namespace, releases);
    const remedy = `${problems.length} differences in ${compared} objects. docs/how-to/bring-up.md, "What was changed by hand", says how to restore them.`;
    return {
      stdout:
        problems.length === 0 ? `${compared} objects are as Helm installed them; Secrets are not compared.\n` : '',
      problems: problems.length === 0 ? [] : [...problems, remedy],
    };
  } catch (error) {
    if (error instanceof ApiError || error instanceof UsageError)
      throw new OperationError(error.message, { cause: error });
    throw error;
  }
}
