import { z } from 'zod';
import { object } from './sentences.ts';

const when = ", expected a date and a time with its time zone, such as '2026-12-28T08:00:00+07:00'.";

/** A moment as ISO 8601 writes it, with its time zone: without one, each machine would end the freeze at another time. */
const moment = z.string(when).superRefine((text, context) => {
  const message = momentFault(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

function momentFault(text: string): string | null {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (parts === null) return when;
  const [, day = '', , zone] = parts;
  if (zone === undefined) {
    return `, which has no time zone. Add one: '${text}+07:00' for a clock that is seven hours ahead of UTC, '${text}Z' for UTC.`;
  }
  // A day past the end of its month is read as one of the next month.
  const start = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
  if (!isDay || Number.isNaN(Date.parse(text))) return ', a date or a time that does not exist. Correct it.';
  return null;
}

const why = ', expected one line that says why, for those who wait.';

/** `frozen` of an environment in settings.ts: until when no release and no promotion goes there, and why. */
export const frozen = object(
  {
    until: moment,
    because: z.string(why).refine((text) => text.trim() !== '' && text.length <= 200 && !/\p{Cc}/u.test(text), {
      message: ', expected one line of up to 200 characters that says why, for those who wait.',
    }),
  },
  'until and because',
);

export type Freeze = z.output<typeof frozen>;

/** The freeze of an environment that holds at a moment, in milliseconds since 1970; null for none. */
export function activeFreeze({ frozen: freeze }: { readonly frozen?: Freeze }, nowMs: number): Freeze | null {
  return freeze !== undefined && nowMs < Date.parse(freeze.until) ? freeze : null;
}

/** What a freeze means, in a sentence and a half. */
export function freezeWords(environment: string, { until, because }: Freeze): string {
  return `${environment} is frozen until ${until}: ${because.trim().replace(/[.!]$/, '')}.`;
}
