export function create<Name extends keyof HTMLElementTagNameMap>(name: Name, className: string): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

export function button(className: string, text: string, title: string, click: () => void): HTMLButtonElement {
  const element = create('button', className);
  element.type = 'button';
  element.textContent = text;
  element.title = title;
  element.addEventListener('click', click);
  return element;
}

/** A button with a sign instead of a word. */
export function signButton(sign: string, label: string, click: () => void): HTMLButtonElement {
  const element = button('kodiak-icon', sign, label, click);
  element.setAttribute('aria-label', label);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

const ICONS = {
  filter: 'M1.5 2.5h13l-5 6v4.5l-3 1.5V8.5z',
  menu: 'M3 5.5l5 5 5-5',
  find: 'M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2zM10.7 10.7 14.5 14.5',
  profile: 'M2 14V9h3v5M6.5 14V2h3v12M11 14V6h3v8',
} as const;

/** A drawing in the colour of the text, for the eye only. */
export function svgIcon(name: keyof typeof ICONS): SVGElement {
  const icon = svg('svg', { viewBox: '0 0 16 16', width: '12', height: '12', 'aria-hidden': 'true' });
  icon.append(svg('path', { d: ICONS[name], fill: 'none', stroke: 'currentColor', 'stroke-width': '1.4', 'stroke-linejoin': 'round' }));
  return icon;
}

export function svg(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Leaves a text alone that is the same: screen readers would read it again. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Keeps keys that are typed here from the notebook, which would take them for its commands. VS Code's own keys go on. */
export function keepTypedKeys(element: HTMLElement): void {
  element.addEventListener('keydown', (event) => {
    const isText = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d+$/.test(event.key);
    const edits = (event.ctrlKey || event.metaKey) && /^(?:[acvxz]|Arrow\w+|Backspace|Delete|Home|End)$/i.test(event.key);
    if (isText || edits) event.stopPropagation();
  });
}
