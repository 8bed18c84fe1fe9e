/** The API server said no, or was not there to say anything. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** True where an object is not there (any more). */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** True where nobody knows whether the request was obeyed: there was no answer, or one of a server in trouble. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** True where the server no longer keeps the version that a watch wanted to go on from. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}

/** The sentence for an answer that is an error; `body` is a `Status` where the API server itself wrote it. */
export function refusal(method: string, path: string, status: number, body: string): ApiError {
  return new ApiError(status, `${method} ${path} was refused with HTTP ${status}: ${statusMessage(body)}`);
}

function statusMessage(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message);
  } catch {
    // A proxy in front answers in its own words.
  }
  return body.trim() === '' ? 'without a message' : body.trim().slice(0, 500);
}
