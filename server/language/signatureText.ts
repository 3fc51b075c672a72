import type { CatalogFunction } from './catalog.ts';

/** `name(parameters) → type` */
export function signatureText({ name, parameters, parameterTypes, varargs, returnType }: CatalogFunction): string {
  const list = parameters.map((parameter, index) => `${parameter} ${parameterTypes[index] ?? ''}`.trim());
  if (varargs) list.push(`${varargs}…`);
  const shown = list.length > 12 ? [...list.slice(0, 12), '…'] : list;
  return `${name}(${shown.join(', ')})${returnType ? ` → ${returnType}` : ''}`;
}
