// What a file of cases says about the scopes of a text, and what the grammars give. See cases/duckdb.txt for the form of a file.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const require = createRequire(import.meta.url);
const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));

export function readCases(file) {
  const [head, ...parts] = readFileSync(file, 'utf8').split(/^=== /m);
  const scopeName = /^grammar: (\S+)$/m.exec(head)?.[1];
  const cases = parts.map((part) => {
    const end = part.indexOf('\n');
    const [source, checks] = part.slice(end + 1).split(/^---\n/m);
    return { title: part.slice(0, end), source: unmarked(source), checks: checks.trim().split('\n').map(readCheck) };
  });
  return { scopeName, cases };
}

/** `<NUL>` and the like stand for characters that a text file had better not hold. */
function unmarked(source) {
  return source
    .replaceAll('<NUL>', '\0')
    .replace(/\n$/, '')
    .replaceAll(/<(\d+) times (.+?)>/g, (_, count, text) => text.repeat(Number(count)));
}

function readCheck(line) {
  const [, text, occurrence, scopes] = /^(.+?)(?:#(\d+))? {2,}(.+)$/.exec(line) ?? [];
  if (text === undefined) throw new Error(`Not a check: ${line}`);
  const names = scopes.trim().split(/\s+/);
  const unexpected = names.filter((name) => name.startsWith('-')).map((name) => name.slice(1));
  return {
    title: line.replaceAll(/ {2,}/g, ': '),
    text,
    occurrence: Number(occurrence ?? 1),
    expected: names.filter((name) => !name.startsWith('-')),
    unexpected,
  };
}

/** Tokenises with the grammars of package.json, and with others by their scope names. */
export function openGrammars(hosts) {
  const files = { ...hosts, ...Object.fromEntries(contributes.grammars.map(({ scopeName, path }) => [scopeName, path])) };
  const injections = contributes.grammars.filter(({ injectTo }) => injectTo !== undefined);
  const registry = openLibrary().then(
    () =>
      new textmate.Registry({
        onigLib: Promise.resolve({
          createOnigScanner: (patterns) => oniguruma.createOnigScanner(patterns),
          createOnigString: (text) => oniguruma.createOnigString(text),
        }),
        loadGrammar: async (scopeName) => {
          const path = files[scopeName];
          return path === undefined ? null : textmate.parseRawGrammar(readFileSync(path, 'utf8'), path);
        },
        getInjections: (scopeName) => injections.filter(({ injectTo }) => injectTo.includes(scopeName)).map((grammar) => grammar.scopeName),
      }),
  );
  return async (scopeName, source) => {
    const grammar = await (await registry).loadGrammar(scopeName);
    const scopes = [];
    let state = textmate.INITIAL;
    for (const line of source.split('\n')) {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      // One entry for each character and one for the line's end.
      for (let [at, token] = [0, 0]; at <= line.length; at++) {
        if ((tokens[token + 1]?.startIndex ?? Number.POSITIVE_INFINITY) <= at) token++;
        scopes.push(tokens[token]?.scopes ?? []);
      }
    }
    return { source, scopes };
  };
}

let library;
function openLibrary() {
  library ??= oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  return library;
}

export function violation({ text, occurrence, expected, unexpected }, { source, scopes }) {
  let at = -1;
  for (let count = 0; count < occurrence; count++) at = source.indexOf(text, at + 1);
  if (at < 0) return `${JSON.stringify(text)} is not in the text`;
  for (let index = at; index < at + text.length; index++) {
    if (/\s/.test(source[index])) continue;
    const missing = expected.filter((name) => !scopes[index].some((scope) => scope === name || scope.startsWith(`${name}.`)));
    const extra = unexpected.filter((name) => scopes[index].some((scope) => scope === name || scope.startsWith(`${name}.`)));
    if (missing.length + extra.length > 0) return `${JSON.stringify(source[index])} has the scopes ${scopes[index].join(' ')}`;
  }
  return '';
}
