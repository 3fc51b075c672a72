import type { CommandGroup } from './dotCommand.ts';

export const SESSION: CommandGroup = {
  title: 'This terminal',
  commands: [
    {
      name: 'exit',
      aliases: ['quit', 'q'],
      usage: '',
      summary: 'leave; .quit and Ctrl+D too',
      explanation: 'Ends the program. A database in memory ends with it.',
      example: ['.exit'],
      takes: [0, 0],
      run: async () => 'exit',
    },
  ],
};
