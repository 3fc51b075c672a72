import type { ChartFileFormat } from '../../../server/protocol/chart.ts';
import { button } from '../elements.ts';
import { PopupMenu } from '../shared.ts';

const NAMES: Readonly<Record<ChartFileFormat, string>> = {
  png: 'PNG picture…',
  svg: 'SVG picture…',
  vegalite: 'Vega-Lite specification with data…',
};

/** A button with a menu of the kinds of files that a chart can be written to. The menu lies in `host`. */
export class ExportMenu {
  readonly element: HTMLButtonElement;

  constructor(host: HTMLElement, choose: (format: ChartFileFormat) => void) {
    const menu = new PopupMenu(host, () => this.element.focus());
    const items = (Object.keys(NAMES) as ChartFileFormat[]).map((format) => ({ label: NAMES[format], run: () => choose(format) }));
    this.element = button('kodiak-button kodiak-small kodiak-quiet', 'Export chart', 'Write the chart to a file', () => {
      const [area, place] = [host.getBoundingClientRect(), this.element.getBoundingClientRect()];
      menu.open('Export chart', items, { left: place.left - area.left, top: place.bottom - area.top });
    });
    this.element.setAttribute('aria-haspopup', 'menu');
    this.element.addEventListener('keydown', (event) => {
      // Otherwise the notebook takes these keys, too.
      if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
    });
  }

  setEnabled(enabled: boolean): void {
    this.element.disabled = !enabled;
  }
}
