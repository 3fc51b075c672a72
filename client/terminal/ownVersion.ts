import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of the package; the program lies three folders below it. */
export function ownVersion(): string {
  const text = readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version);
}
