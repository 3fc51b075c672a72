/** Replaces the line `%%sql …` that may lead a SQL cell of a Jupyter notebook by as many spaces, so that offsets stay. */
export function maskCellMagic(text: string): string {
  return text.replace(/^\s*%%sql\b[^\r\n]*/i, (lines) => lines.replaceAll(/[^\r\n]/g, ' '));
}
