/** What a drawing looks like once it stands alone: the styles that the page gave it. */
const KEPT = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
] as const;

/** A drawing as the text of an SVG file, at full size, with its colours and its background and without what only a page needs. */
export function standaloneSvg(drawing: SVGElement, size: { readonly width: number; readonly height: number }, background: string): string {
  const copy = drawing.cloneNode(true) as SVGElement;
  const [from, to] = [
    [drawing, ...drawing.querySelectorAll('*')],
    [copy, ...copy.querySelectorAll('*')],
  ];
  for (const [index, element] of from.entries()) {
    const target = to[index];
    if (target === undefined) continue;
    const style = getComputedStyle(element);
    for (const name of [...target.getAttributeNames()]) if (/^(?:class|role|tabindex|aria-)/.test(name)) target.removeAttribute(name);
    if (element instanceof SVGGElement || element === drawing || element.tagName === 'title') continue;
    for (const property of KEPT) {
      const value = style.getPropertyValue(property);
      if (value !== '' && value !== 'normal' && value !== 'none') target.setAttribute(property, value);
      else if (value === 'none') target.setAttribute(property, 'none');
    }
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(size.width));
  copy.setAttribute('height', String(size.height));
  const backdrop = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  backdrop.setAttribute('width', '100%');
  backdrop.setAttribute('height', '100%');
  backdrop.setAttribute('fill', background);
  copy.prepend(backdrop);
  return new XMLSerializer().serializeToString(copy);
}
