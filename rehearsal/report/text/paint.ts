import { styleText } from 'node:util';

/** Gives a text a tone. */
export type Paint = (tone: 'green' | 'red', text: string) => string;

/** No colour: for files, pipes and logs. */
export function plain(_: 'green' | 'red', text: string): string {
  return text;
}

/** Colour for a terminal. Whoever asks for it has looked at the terminal: `styleText` need not look again. */
export function coloured(tone: 'green' | 'red', text: string): string {
  return styleText(tone, text, { validateStream: false });
}
