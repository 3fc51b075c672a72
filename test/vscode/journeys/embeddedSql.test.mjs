// SQL in strings of other languages, with the grammars that VS Code has for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openGrammars, readCases, violation } from '../../syntaxes/scopeCases.mjs';

const EXTENSIONS = 'test/vscode/node_modules/code-server/lib/vscode/extensions';
const CASES = 'test/syntaxes/cases';
const scopesOf = openGrammars({
  'source.ts': `${EXTENSIONS}/typescript-basics/syntaxes/TypeScript.tmLanguage.json`,
  'source.tsx': `${EXTENSIONS}/typescript-basics/syntaxes/TypeScriptReact.tmLanguage.json`,
  'source.js': `${EXTENSIONS}/javascript/syntaxes/JavaScript.tmLanguage.json`,
  'source.python': `${EXTENSIONS}/python/syntaxes/MagicPython.tmLanguage.json`,
  'source.go': `${EXTENSIONS}/go/syntaxes/go.tmLanguage.json`,
});

for (const [file, scopeNames] of [
  ['typescript.txt', ['source.ts', 'source.tsx', 'source.js']],
  ['python.txt', ['source.python']],
  ['go.txt', ['source.go']],
]) {
  const { cases } = readCases(`${CASES}/${file}`);
  for (const scopeName of scopeNames) {
    for (const { title, source, checks } of cases) {
      test(`${scopeName}: ${title}`, async () => {
        const text = await scopesOf(scopeName, source);
        const broken = checks.map((check) => violation(check, text));
        assert.deepEqual(
          broken.filter((why) => why !== ''),
          [],
        );
      });
    }
  }
}
