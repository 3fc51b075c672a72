/** What XML 1.0 has no way to write, not even as a reference. */
const IMPOSSIBLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** A well-formed element. */
export class XmlElement {
  readonly #text: string;

  constructor(name: string, attributes: Readonly<Record<string, string>>, content: string | readonly XmlElement[]) {
    const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${written(value).replaceAll(/[&<>"\t\n\r]/g, escaped)}"`);
    const inner =
      typeof content === 'string' ? written(content).replaceAll(/[&<>\r]/g, escaped) : content.map((child) => `\n${child}`).join('');
    const end = typeof content === 'string' || content.length === 0 ? '' : '\n';
    this.#text = inner === '' ? `<${name}${head.join('')}/>` : `<${name}${head.join('')}>${inner}${end}</${name}>`;
  }

  toString(): string {
    return this.#text;
  }
}

function written(text: string): string {
  return text.replaceAll(IMPOSSIBLE, '\ufffd');
}

function escaped(character: string): string {
  return ESCAPES[character] ?? character;
}
