import { maskCellMagic } from './cellMagic.ts';
import { nextToken } from './lexer.ts';

/**
 * Replaces the terminal's dot commands (`.mode csv`) by as many spaces, so that offsets stay. A dot command is a line that begins
 * with a dot and a letter where a statement may begin. The `%%sql` of a Jupyter cell goes the same way.
 */
export function maskDotCommands(text: string): string {
  const script = maskCellMagic(text);
  if (!/^[^\S\r\n]*\.[A-Za-z]/m.test(script)) return script;
  const pieces: string[] = [];
  let kept = 0;
  let begins = true;
  for (let token = nextToken(script, 0); token; ) {
    const { kind, start, end } = token;
    let next = end;
    const char = script.charAt(start);
    if (begins && char === '.' && /[A-Za-z]/.test(script.charAt(start + 1)) && beginsLine(script, start)) {
      next = lineEnd(script, start);
      pieces.push(script.slice(kept, start), ' '.repeat(next - start));
      kept = next;
    } else if (kind !== 'lineComment' && kind !== 'blockComment') begins = kind === 'punctuation' && char === ';';
    token = nextToken(script, next);
  }
  return pieces.length === 0 ? script : pieces.join('') + script.slice(kept);
}

function beginsLine(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /[^\S\r\n]/.test(text.charAt(before))) before--;
  return before < 0 || /[\r\n]/.test(text.charAt(before));
}

function lineEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !/[\r\n]/.test(text.charAt(at))) at++;
  return at;
}
