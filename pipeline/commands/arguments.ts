import { WrongUse } from '../errors.ts';

/** The value of an option that has to be there. Throws {@link WrongUse} where it is not. */
export function required(option: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new WrongUse(`${option} is missing. See npm run pipeline -- --help.`);
  return value;
}
