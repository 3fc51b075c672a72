import { isFormat, OUTPUT_FORMATS } from '../outputFormat.ts';
import { type CommandGroup, say, WrongUsage } from './dotCommand.ts';

export const OUTPUT: CommandGroup = {
  title: 'Output',
  commands: [
    {
      name: 'mode',
      usage: OUTPUT_FORMATS.join('|'),
      summary: 'choose how results are shown',
      explanation: 'Chooses the form of results from now on; without a name it tells the present one.',
      example: ['.mode', '.mode csv'],
      takes: [0, 1],
      run: async (shell, [format]) => {
        if (format === undefined) return say(shell, `The mode is ${shell.format}.`);
        if (!isFormat(format)) throw new WrongUsage();
        shell.format = format;
        return 'done';
      },
    },
    {
      name: 'timer',
      usage: 'on|off',
      summary: 'show times and where a result came from',
      explanation: 'Switches the part of the last line that tells how long a statement took and whether its rows came from the cache.',
      example: ['.timer off'],
      takes: [1, 1],
      run: async (shell, [action]) => {
        if (action !== 'on' && action !== 'off') throw new WrongUsage();
        shell.timer = action === 'on';
        return 'done';
      },
    },
  ],
};
