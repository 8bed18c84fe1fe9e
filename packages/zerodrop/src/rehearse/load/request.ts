import { UsageError } from '../../errors.ts';
import { at, type Manifest, serviceContainer } from '../manifests/object.ts';

/** What a request of the load is, what a right answer is, and where it says the version of the service. */
export interface ServiceRequest {
  readonly method: string;
  /** Begins with a slash. `{id}` in it, in the body, a header or the expected text is a text that no other request carries. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Null for any from 200 to 299. */
  readonly statuses: readonly number[] | null;
  /** What the body must be, or have in it; null for any. */
  readonly expects: { readonly equals: string } | { readonly includes: string } | null;
  /** Null where an answer says none. */
  readonly version: { readonly header: string } | { readonly json: string } | null;
}

/** GET of a path, which is right with any status from 200 to 299. */
export function get(path: string): ServiceRequest {
  return { method: 'GET', path, headers: {}, body: null, statuses: null, expects: null, version: null };
}

/** POST of a text that comes back, with the version in a header: what the example service answers. */
export const echo: ServiceRequest = {
  method: 'POST',
  path: '/echo',
  headers: {},
  body: '{id}',
  statuses: [200],
  expects: { equals: '{id}' },
  version: { header: 'x-version' },
};

/** What is asked where nobody says: the path of the readiness probe where it is on the port that clients reach, else `/`. */
export function usualRequest(deployment: Manifest, servicePorts: readonly unknown[]): ServiceRequest {
  const container = serviceContainer(deployment);
  const probe = at(container, 'readinessProbe', 'httpGet');
  const path = at(probe, 'path');
  const isReached =
    servicePorts.length === 0 || portNames(container, at(probe, 'port')).some((one) => servicePorts.includes(one));
  return get(typeof path === 'string' && path.startsWith('/') && isReached ? path : '/');
}

/** A port of a container by its number and its name. */
function portNames(container: unknown, port: unknown): readonly unknown[] {
  const ports: unknown = at(container, 'ports');
  const declared = Array.isArray(ports)
    ? ports.find((one) => at(one, 'name') === port || at(one, 'containerPort') === port)
    : undefined;
  return declared === undefined ? [port] : [at(declared, 'name'), at(declared, 'containerPort')];
}

/** The text with the id of a request in the place of `{id}`. */
export function withId(text: string, id: string): string {
  return text.replaceAll('{id}', id);
}

/** By their names in lower case. */
type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is wrong with an answer; null where it is right. */
export function judgeAnswer(
  { statuses, expects, version }: ServiceRequest,
  id: string,
  answer: { readonly status: number; readonly headers: AnswerHeaders; readonly body: string },
): string | null {
  const { status, headers, body } = answer;
  const isRight = statuses === null ? status >= 200 && status < 300 : statuses.includes(status);
  if (!isRight) return `HTTP ${status}`;
  if (expects !== null && 'equals' in expects && body !== withId(expects.equals, id)) return 'wrong body';
  if (expects !== null && 'includes' in expects && !body.includes(withId(expects.includes, id))) return 'wrong body';
  return version !== null && versionOf(version, headers, body) === null ? 'no version' : null;
}

/** The version that an answer says; null where it says none. */
export function versionOf(version: ServiceRequest['version'], headers: AnswerHeaders, body: string): string | null {
  if (version === null) return null;
  if ('header' in version) {
    const value = headers[version.header.toLowerCase()];
    return typeof value === 'string' ? value : null;
  }
  try {
    const value = at(JSON.parse(body), ...version.json.split('.'));
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  } catch {
    return null;
  }
}

/** A request in words, for the report. */
export function inWords({ method, path, body, statuses, expects }: ServiceRequest): string {
  const sent = body === null ? '' : ` with a body of ${JSON.stringify(body)}`;
  const status = statuses === null ? '200 to 299' : statuses.join(' or ');
  const expected =
    expects === null
      ? ''
      : 'equals' in expects
        ? ` and a body of ${JSON.stringify(expects.equals)}`
        : ` and ${JSON.stringify(expects.includes)} in the body`;
  return `${method} ${path}${sent}; right is a status of ${status}${expected}`;
}

/** The headers that a request is sent with, by their names in lower case. */
export function headersOf(
  { method, headers }: ServiceRequest,
  id: string,
  body: string | null,
): Readonly<Record<string, string>> {
  const own = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), withId(value, id)]),
  );
  if (body !== null) return { 'content-type': 'text/plain', ...own, 'content-length': String(Buffer.byteLength(body)) };
  return withoutBody.has(method) ? own : { ...own, 'content-length': '0' };
}

/** Of any other method a server may wait for a body (RFC 9110, 8.6). */
const withoutBody: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** A path as it is sent: what no path may hold is encoded. */
export function sentPath({ path }: ServiceRequest, id: string): string {
  return withId(path, id)
    .replace(/#.*$/s, '')
    .replaceAll(/[^\x21-\x7E]/gu, encodeURIComponent);
}

/** A request as it is sent by HTTP/1.1. */
export function requestText(asked: ServiceRequest, id: string, host: string, isKept: boolean): string {
  const body = asked.body === null ? null : withId(asked.body, id);
  const connection = isKept ? 'keep-alive' : 'close';
  return `${requestHead(asked, id, host, { connection, ...headersOf(asked, id, body) })}${body ?? ''}`;
}

/** A request without its body, with these headers. */
export function requestHead(
  asked: ServiceRequest,
  id: string,
  host: string,
  headers: Readonly<Record<string, string>>,
): string {
  let text = `${asked.method} ${sentPath(asked, id)} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries({ host, ...headers })) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}

/** `NAME=VALUE`, each once or more. Throws {@link UsageError} for what is none. */
export function pairs(option: string, given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const end = text.indexOf('=');
      if (end < 1) throw new UsageError(`${option} has ${JSON.stringify(text)}, but NAME=VALUE is expected.`);
      return [text.slice(0, end), text.slice(end + 1)];
    }),
  );
}

/** The options that say what a request is. */
type RequestOption =
  | 'request'
  | 'body'
  | 'status'
  | 'body-includes'
  | 'body-equals'
  | 'version-header'
  | 'version-json';

/** What the options say of the request; null where they say nothing of it. Throws {@link UsageError} with a sentence. */
export function saidRequest(
  values: { readonly [Name in RequestOption]?: string | undefined } & {
    readonly header?: readonly string[] | undefined;
  },
): ServiceRequest | null {
  const { request, body, header, status } = values;
  const [includes, equals] = [values['body-includes'], values['body-equals']];
  const [versionHeader, versionJson] = [values['version-header'], values['version-json']];
  if (includes !== undefined && equals !== undefined)
    throw new UsageError('--body-includes and --body-equals exclude each other.');
  if (versionHeader !== undefined && versionJson !== undefined)
    throw new UsageError('--version-header and --version-json exclude each other.');
  const said = [request, body, header, status, includes, equals, versionHeader, versionJson];
  if (said.every((one) => one === undefined)) return null;
  if (request === undefined) {
    throw new UsageError(
      'What is sent or expected is said, but not what is asked. Add --request "METHOD PATH", such as --request "GET /".',
    );
  }
  const [, method = body === undefined ? 'GET' : 'POST', asked = ''] =
    /^(?:([A-Z]+)\s+)?(\/\S*)$/.exec(request.trim()) ?? [];
  if (asked === '')
    throw new UsageError(
      `--request is ${JSON.stringify(request)}, but "METHOD PATH" is expected, such as "GET /users/1".`,
    );
  return {
    ...get(asked),
    method,
    headers: pairs('--header', header ?? []),
    body: body ?? null,
    statuses: status === undefined ? null : statusesOf(status),
    expects: includes !== undefined ? { includes } : equals !== undefined ? { equals } : null,
    version:
      versionHeader !== undefined
        ? { header: versionHeader }
        : versionJson !== undefined
          ? { json: versionJson }
          : null,
  };
}

function statusesOf(text: string): readonly number[] {
  const read = text.split(',').map((one) => (/^[1-5]\d\d$/.test(one.trim()) ? Number(one) : Number.NaN));
  if (read.every((one) => !Number.isNaN(one))) return read;
  throw new UsageError(`--status is ${JSON.stringify(text)}, but statuses are expected, such as 200,204.`);
}
