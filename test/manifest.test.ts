import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings, SETTING_RULES } from '../server/protocol/settings.ts';
import { sourceFiles } from './support/sourceFiles.ts';

interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly markdownDescription: string;
}

/** Contribution points that VS Code gives every extension. It passes over others silently, and code-server, in which the journeys run, does not. */
const CONTRIBUTION_POINTS = [
  ...['languages', 'grammars', 'notebooks', 'notebookRenderer', 'customEditors', 'terminal', 'walkthroughs', 'commands', 'menus'],
  ...['keybindings', 'configuration', 'configurationDefaults', 'views', 'viewsContainers', 'viewsWelcome'],
];

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const properties = manifest.contributes.configuration.properties as Record<string, Property>;
const clientSource = sourceFiles('client')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('package.json', () => {
  it('declares the settings that the code reads, with the same defaults and bounds', () => {
    const declared = Object.entries(properties).map(([name, property]) => [name, property.default, property.minimum, property.maximum]);
    const read = Object.entries(SETTING_RULES).map(([name, rule]) => [name, rule.fallback, rule.minimum, rule.maximum]);
    expect(declared).toEqual(read);
    expect(declared.length).toBeLessThanOrEqual(24);
  });

  it('asks for nothing that is only proposed, which a published extension does not get', () => {
    expect(manifest.enabledApiProposals).toBeUndefined();
    expect(Object.keys(manifest.contributes).filter((point) => !CONTRIBUTION_POINTS.includes(point))).toEqual([]);
  });

  it('says for whom each setting is', () => {
    for (const [name, property] of Object.entries(properties))
      expect(property.markdownDescription, name).toMatch(/\*For (people|everyone) .+\*$/);
  });

  it('declares exactly the commands that the code registers', () => {
    const declared = manifest.contributes.commands.map((command: { command: string }) => command.command).sort();
    const registered = [...clientSource.matchAll(/registerCommand\(\s*'(kodiak\.[A-Za-z]+)'/g)].map((match) => match[1]).sort();
    const asData = declared.filter((command: string) => clientSource.includes(`'${command}'`));
    expect(asData).toEqual(declared);
    expect(registered.filter((command) => !declared.includes(command))).toEqual([]);
  });

  it('names only declared commands in menus and keys, and gives each a title and a category', () => {
    const { commands, menus, keybindings } = manifest.contributes;
    const declared = new Set(commands.map(({ command }: { command: string }) => command));
    const used = [...Object.values(menus).flat(), ...keybindings] as { command: string }[];
    const ours = used.map(({ command }) => command).filter((command) => command.startsWith('kodiak.'));
    expect(ours.filter((command) => !declared.has(command))).toEqual([]);
    for (const { command, title, category } of commands) expect([title, category], command).toEqual([expect.stringMatching(/./), 'Kodiak']);
  });

  it('hides from the palette what needs a thing of the explorer', () => {
    const { menus } = manifest.contributes;
    const items = menus['view/item/context'].map(({ command }: { command: string }) => command);
    const hidden = menus.commandPalette.filter(({ when }: { when: string }) => when === 'false');
    const names = hidden.map(({ command }: { command: string }) => command);
    expect(items.filter((command: string) => !names.includes(command))).toEqual([]);
  });

  it('names only files that are there', () => {
    const built = [
      manifest.main,
      manifest.bin.kodiak,
      ...manifest.contributes.notebookRenderer.map(({ entrypoint }: { entrypoint: string }) => entrypoint),
    ];
    for (const file of built) expect(existsSync(file), `${file}: run npm run build`).toBe(true);
    for (const grammar of manifest.contributes.grammars) expect(existsSync(grammar.path)).toBe(true);
    const icons = [manifest.icon, ...manifest.contributes.viewsContainers.activitybar.map(({ icon }: { icon: string }) => icon)];
    for (const icon of icons) {
      expect(existsSync(icon), icon).toBe(true);
      expect(readFileSync('.vscodeignore', 'utf8')).toContain(`!${icon}\n`);
    }
  });

  it('has a walkthrough whose pictures ship and whose commands are there', () => {
    const { commands, walkthroughs } = manifest.contributes;
    const declared = new Set(commands.map(({ command }: { command: string }) => command));
    const steps = walkthroughs[0].steps as { description: string; media: { svg: string; altText: string }; completionEvents: string[] }[];
    expect(steps.length).toBeGreaterThanOrEqual(6);
    for (const { description, media, completionEvents } of steps) {
      expect(existsSync(media.svg), media.svg).toBe(true);
      expect(media.altText).toMatch(/./);
      const linked = [...description.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command);
      const awaited = completionEvents.flatMap((event) => /^onCommand:(.+)/.exec(event)?.[1] ?? []);
      expect([...linked, ...awaited].filter((command) => !declared.has(command))).toEqual([]);
      for (const [, key] of completionEvents.join('\n').matchAll(/^onContext:(.+)$/gm)) expect(clientSource).toContain(`'${key}'`);
    }
    expect(readFileSync('.vscodeignore', 'utf8')).toContain('!media/walkthrough/*.svg\n');
  });

  it('pins every dependency exactly', () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies }) as string[];
    expect(versions.filter((version) => !/^\d/.test(version))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('has every platform’s optional packages, without which npm ci refuses', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`]),
    );
    expect(missing).toEqual([]);
  });
});

describe('readSettings', () => {
  it('gives the defaults for nothing, and corrects what is wrong with a line that names the value used', () => {
    expect(readSettings(undefined)).toEqual(readSettings({}));
    expect(readSettings({}).corrections).toEqual([]);
    const { settings, corrections } = readSettings({ cacheMaxEntries: 'many', poolMaxConnections: 1e9, unknown: 1, database: 'x.duckdb' });
    expect(settings).toMatchObject({ cacheMaxEntries: 100, poolMaxConnections: 1000, database: 'x.duckdb' });
    expect(corrections).toEqual([
      'kodiak.cache.maxEntries: "many" is not a number; using 100.',
      'kodiak.pool.maxConnections: 1000000000 is outside 2 to 1000; using 1000.',
    ]);
  });
});
