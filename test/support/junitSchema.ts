import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Ant's schema of JUnit's XML, which Windy Road wrote down and the package junit-xml carries in its own test (Apache-2.0): no package has it
 * as a file under a licence that allows it here.
 */
export function junitSchema(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('junit-xml/package.json'));
  const text = readFileSync(join(folder, 'src', 'index.test.ts'), 'utf8');
  const schema = /antJunitSchema = '(<\?xml.*?<\/xs:schema>)'/s.exec(text)?.[1];
  if (schema === undefined) throw new Error('junit-xml carries no schema any more.');
  return schema;
}
