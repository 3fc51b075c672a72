import { describe, expect, it } from 'vitest';
import { stateFolder } from '../../../server/history/stateFolder.ts';

describe('the folder of this user’s state', () => {
  it('is what the environment names, else the system’s place', () => {
    expect(stateFolder({ KODIAK_STATE_DIR: '/x', XDG_STATE_HOME: '/y' }, 'linux', '/home/a')).toBe('/x');
    expect(stateFolder({ XDG_STATE_HOME: '/y' }, 'linux', '/home/a')).toBe('/y/kodiak');
    expect(stateFolder({ XDG_STATE_HOME: 'relative' }, 'linux', '/home/a')).toBe('/home/a/.local/state/kodiak');
    expect(stateFolder({}, 'linux', '/home/a')).toBe('/home/a/.local/state/kodiak');
    expect(stateFolder({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Application Support/Kodiak');
    expect(stateFolder({ LOCALAPPDATA: 'D:\\Local' }, 'win32', 'C:\\Users\\a')).toBe('D:\\Local\\Kodiak');
    expect(stateFolder({}, 'win32', 'C:\\Users\\a')).toBe('C:\\Users\\a\\AppData\\Local\\Kodiak');
  });
});
