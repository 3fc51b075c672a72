import { WrongUsage } from './dotCommand.ts';

const ON = new Set(['on', 'yes', 'true', '1']);
const OFF = new Set(['off', 'no', 'false', '0']);

/** What a switch was set to. Throws `WrongUsage`. */
export function onOff(word: string | undefined): boolean {
  const lower = word?.toLowerCase() ?? '';
  if (ON.has(lower)) return true;
  if (OFF.has(lower)) return false;
  throw new WrongUsage();
}

/** A count that was typed, not negative. Throws `WrongUsage`. */
export function wholeNumber(word: string | undefined): number {
  if (word === undefined || !/^\d{1,9}$/.test(word)) throw new WrongUsage();
  return Number(word);
}
