import { expect, it } from 'vitest';
import { cutGrammar, grammarText } from '../../../engine/duckdb/grammarText.ts';
import { compileGrammar } from '../../../engine/sql/grammar/grammar.ts';

it('is the whole grammar of the installed DuckDB', { tags: ['slow'] }, async () => {
  const { ruleCount, start } = compileGrammar(await grammarText());
  expect(ruleCount).toBeGreaterThan(700);
  expect(start.name).toBe('Statement');
});

it('is not taken from a short text that begins alike, and may be missing', () => {
  expect(cutGrammar(Buffer.from('\0Statement <- is a text about grammars\0'))).toBeUndefined();
  expect(cutGrammar(Buffer.from(''))).toBeUndefined();
  const grammar = `Statement <- 'A'\n${'# rule\n'.repeat(2_000)}`;
  expect(cutGrammar(Buffer.from(`\0Statement <- no\0\0${grammar}\0more`))).toBe(grammar);
});
