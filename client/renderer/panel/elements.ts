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
