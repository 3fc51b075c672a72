import { expect, it } from 'vitest';
import { SqlScript } from '../../../engine/sql/sqlScript.ts';
import { relatedScripts } from '../../../server/language/relatedScripts.ts';

function related(current: string, others: readonly string[], inDatabase = ''): [string[], string[]] {
  const scripts = others.map((text) => ({ text, script: new SqlScript([text]) }));
  const { before, after } = relatedScripts(new SqlScript([current]), scripts, (name) => name === inDatabase);
  return [before.map(({ text }) => text), after.map(({ text }) => text)];
}

const MAKES = 'create table made (a int)';
const NAMES = 'select a from "Made"';

it('joins what one script makes and another names, and only what is certain', () => {
  expect(related(NAMES, [MAKES, 'select 1'])).toEqual([[MAKES], []]);
  expect(related(MAKES, [NAMES, 'select 1'])).toEqual([[], [NAMES]]);
  expect(related(NAMES, [MAKES, `${MAKES};`])).toEqual([[], []]);
  expect(related(NAMES, [MAKES], 'made')).toEqual([[], []]);
  expect(related(MAKES, [`${MAKES}; ${NAMES}`])).toEqual([[], []]);
  expect(related(NAMES, ['create temp table made (a int)'])).toEqual([[], []]);
  expect(related(NAMES, [`use other; ${MAKES}`])).toEqual([[], []]);
});
