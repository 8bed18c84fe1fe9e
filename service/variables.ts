/** A variable of the environment with a value that the service can't start with. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(variable: string, value: string, expected: string, fallback: string) {
    super(`${variable} is ${JSON.stringify(value)}, but it must be ${expected}. Leave it out for ${fallback}.`);
  }
}

/** The environment as Node.js gives it. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads a whole number; `fallback` stands where the variable is not set. Throws an {@link EnvironmentError}. */
export function wholeNumber(variables: Variables, name: string, fallback: number, most: number): number {
  const text = variables[name];
  if (text === undefined) return fallback;
  // Number() alone would take "", "0x10" and "1e3".
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new EnvironmentError(name, text, `a whole number from 0 to ${most}`, String(fallback));
}

/** Reads a share between 0 and 1. Throws an {@link EnvironmentError}. */
export function share(variables: Variables, name: string, fallback: number): number {
  const text = variables[name];
  if (text === undefined) return fallback;
  if (/^(0|1|0?\.\d+|1\.0+)$/.test(text)) return Number(text);
  throw new EnvironmentError(name, text, 'a number from 0 to 1', String(fallback));
}

/** Reads a switch. Throws an {@link EnvironmentError}. */
export function onOff(variables: Variables, name: string, fallback: boolean): boolean {
  const text = variables[name];
  if (text === undefined) return fallback;
  if (text === 'on' || text === 'off') return text === 'on';
  throw new EnvironmentError(name, text, 'on or off', fallback ? 'on' : 'off');
}

/** Reads a text that is not empty. Throws an {@link EnvironmentError}. */
export function words<Fallback>(variables: Variables, name: string, fallback: Fallback, meaning: string) {
  const text = variables[name];
  if (text === undefined) return fallback;
  if (text.trim() !== '') return text;
  throw new EnvironmentError(name, text, 'a text', meaning);
}
