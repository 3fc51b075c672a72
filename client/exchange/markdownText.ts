/** A text that Markdown shows as it is, on one line. */
export function markdownText(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]()#+!<>|~&$]|^[-.]/g, '\\$&');
}
