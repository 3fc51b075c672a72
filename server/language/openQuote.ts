/** Whether a double quote stands right before the offset that nothing closes: it would reach to the next quote of another name. */
export function opensQuote(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return line.endsWith('"') && (line.split('"').length - 1) % 2 === 1 && text.charAt(offset) !== '"';
}
