import type { TextAction } from './textActions.ts';

/** What the editor does at a key. */
export type EditAction =
  | TextAction
  | 'submit'
  | 'submitAsIs'
  | 'newLine'
  | 'up'
  | 'down'
  | 'older'
  | 'newer'
  | 'eraseOrEnd'
  | 'complete'
  | 'search'
  | 'edit'
  | 'clearInput'
  | 'clearScreen'
  | 'suspend';

/** Those of Emacs, as in Bash and the DuckDB CLI. */
export const KEY_BINDINGS: Readonly<Record<string, EditAction>> = {
  enter: 'submit',
  'ctrl+enter': 'submitAsIs',
  'alt+enter': 'newLine',
  'shift+enter': 'newLine',
  left: 'left',
  'ctrl+b': 'left',
  right: 'right',
  'ctrl+f': 'right',
  'ctrl+left': 'wordLeft',
  'alt+left': 'wordLeft',
  'alt+b': 'wordLeft',
  'ctrl+right': 'wordRight',
  'alt+right': 'wordRight',
  'alt+f': 'wordRight',
  home: 'lineStart',
  'ctrl+a': 'lineStart',
  end: 'lineEnd',
  'ctrl+e': 'lineEnd',
  'ctrl+home': 'textStart',
  'alt+<': 'textStart',
  'ctrl+end': 'textEnd',
  'alt+>': 'textEnd',
  up: 'up',
  'ctrl+p': 'up',
  down: 'down',
  'ctrl+n': 'down',
  pageup: 'older',
  pagedown: 'newer',
  backspace: 'eraseBackward',
  delete: 'eraseForward',
  'ctrl+d': 'eraseOrEnd',
  'ctrl+k': 'killLineEnd',
  'ctrl+u': 'killLineStart',
  'ctrl+w': 'killBlankLeft',
  'alt+backspace': 'killWordLeft',
  'ctrl+backspace': 'killWordLeft',
  'alt+d': 'killWordRight',
  'ctrl+delete': 'killWordRight',
  'alt+delete': 'killWordRight',
  'ctrl+y': 'yank',
  'alt+y': 'yankOlder',
  'ctrl+t': 'transpose',
  'alt+t': 'transposeWords',
  'alt+u': 'upperCase',
  'alt+l': 'lowerCase',
  'alt+c': 'capitalize',
  'ctrl+_': 'undo',
  'alt+_': 'redo',
  tab: 'complete',
  'ctrl+r': 'search',
  'ctrl+c': 'clearInput',
  'ctrl+l': 'clearScreen',
  'ctrl+z': 'suspend',
};

/** Keys that are pressed one after the other. */
export const SECOND_KEYS: Readonly<Record<string, EditAction>> = {
  'ctrl+x ctrl+e': 'edit',
  'ctrl+x ctrl+u': 'undo',
};
