import { tokenize } from './lexer.ts';

/**
 * Replaces the terminal's dot commands (`.mode csv`) by as many spaces, so that offsets stay. A dot command is a line that begins
 * with a dot and a letter where a statement may begin.
 */
export function maskDotCommands(script: string): string {
  if (!/^[^\S\r\n]*\.[A-Za-z]/m.test(script)) return script;
  let masked = '';
  let rest = script;
  for (;;) {
    const command = findDotCommand(rest);
    if (!command) return masked + rest;
    masked += rest.slice(0, command.start) + ' '.repeat(command.end - command.start);
    rest = rest.slice(command.end);
  }
}

function findDotCommand(text: string): { readonly start: number; readonly end: number } | undefined {
  let begins = true;
  for (const { kind, start } of tokenize(text)) {
    if (kind === 'lineComment' || kind === 'blockComment') continue;
    const char = text.charAt(start);
    if (begins && char === '.' && /[A-Za-z]/.test(text.charAt(start + 1)) && /(?:^|[\r\n])[^\S\r\n]*$/.test(text.slice(0, start))) {
      const length = text.slice(start).search(/[\r\n]/);
      return { start, end: length < 0 ? text.length : start + length };
    }
    begins = kind === 'punctuation' && char === ';';
  }
  return undefined;
}
