/** What the editor paints apart from plain text. */
export type Paint =
  | 'prompt'
  | 'keyword'
  | 'function'
  | 'string'
  | 'number'
  | 'parameter'
  | 'comment'
  | 'command'
  | 'bracket'
  | 'unmatched'
  | 'match'
  | 'dim'
  | 'selected';

/** Paints a text; gives it back unchanged where colours are off. */
export type Painter = (text: string, paint: Paint | undefined) => string;

/** Colours of the terminal's own palette, so that its theme decides; with the DuckDB CLI, keywords are green and values yellow. */
const CODES: Readonly<Record<Paint, string>> = {
  prompt: '1',
  keyword: '32',
  function: '36',
  string: '33',
  number: '33',
  parameter: '35',
  comment: '2;3',
  command: '1;36',
  bracket: '1;4',
  unmatched: '1;31',
  match: '1;7',
  dim: '2',
  selected: '1;7',
};

export function createPainter(colored: boolean): Painter {
  return (text, paint) => (colored && paint !== undefined && text !== '' ? `\u001b[${CODES[paint]}m${text}\u001b[0m` : text);
}
