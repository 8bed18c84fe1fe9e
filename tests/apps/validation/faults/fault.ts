/** One thing wrong with a sample: its kind, where, what stands there instead, and what has to be said of it. */
export type Fault = readonly [kind: string, path: string, value: unknown, words: string];

export const pod = 'spec/template/spec';
export const container = `${pod}/containers/0`;
