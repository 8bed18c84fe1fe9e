import { setTimeout as pause } from 'node:timers/promises';
import { field } from './field.ts';

/** An answer of Argo CD's API. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/** An application, asked about as the UI of Argo CD asks. */
export interface ApplicationPage {
  /** The application itself, compared with git anew. */
  refreshed(): Promise<unknown>;
  read(part: string): Promise<unknown>;
  text(part: string): Promise<string>;
  /** The UI's Rollback: it switches auto-sync off and asks for the rollback. */
  rollBack(id: number): Promise<ApiAnswer>;
  /** Writes the application with a change, as an edit in the UI does. */
  change(edit: (application: Record<string, unknown>) => void): Promise<void>;
  /** How long it takes until the application is as this says, in milliseconds. Throws after `withinMs`. */
  until(what: string, isSo: (application: unknown) => boolean, withinMs: number): Promise<number>;
}

/** The page of one application at Argo CD's address. The signal ends a wait. */
export function applicationPage(server: string, name: string, signal: AbortSignal): ApplicationPage {
  const place = `${server}/api/v1/applications/${name}`;
  const text = async (part: string): Promise<string> => {
    const answer = await ask(`${place}${part}`);
    if (answer.status !== 200) throw new Error(`Argo CD answers ${part} with ${answer.status}: ${answer.text}`);
    return answer.text;
  };
  const read = async (part: string): Promise<unknown> => JSON.parse(await text(part));
  const change: ApplicationPage['change'] = async (edit) => {
    const application = JSON.parse(await text('')) as Record<string, unknown>;
    edit(application);
    const answer = await ask(`${place}?validate=false`, 'PUT', application);
    if (answer.status !== 200) throw new Error(`Argo CD answers a change with ${answer.status}: ${answer.text}`);
  };
  return {
    read,
    text,
    change,
    refreshed: () => read('?refresh=normal'),
    async rollBack(id) {
      await change((application) => {
        const automated = field(application, 'spec', 'syncPolicy', 'automated') as Record<string, unknown>;
        automated['enabled'] = false;
      });
      return ask(`${place}/rollback`, 'POST', { id });
    },
    async until(what, isSo, withinMs) {
      const begunAt = Date.now();
      let seen: unknown;
      while (Date.now() < begunAt + withinMs) {
        seen = await read('').catch(() => null);
        if (seen !== null && isSo(seen)) return Date.now() - begunAt;
        await pause(50, undefined, { signal });
      }
      throw new Error(`${name} is not ${what} after ${withinMs / 1_000} s: ${JSON.stringify(field(seen, 'status'))}`);
    },
  };
}

/** Sends a request as the UI does. */
async function ask(url: string, method = 'GET', body?: unknown): Promise<ApiAnswer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, {
    method,
    headers,
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}
