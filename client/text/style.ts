/** Terminal colours; every function gives its text back unchanged where colours are off. */
export interface Style {
  readonly colored: boolean;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

export function createStyle(colored: boolean): Style {
  const paint = (open: number, close: number) => (text: string) => (colored && text ? `\u001b[${open}m${text}\u001b[${close}m` : text);
  return { colored, bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), cyan: paint(36, 39) };
}
