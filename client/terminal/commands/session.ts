import type { CommandGroup } from './dotCommand.ts';
import { onOff, wholeNumber } from './words.ts';

export const SESSION: CommandGroup = {
  title: 'This terminal',
  commands: [
    {
      name: 'bail',
      usage: 'on|off',
      summary: 'stop a pipe or a file at its first error',
      explanation:
        'On, which is the default, input from a pipe or a file ends with the first statement or command that fails. Off, the rest is carried out; the exit code tells of the failure all the same. The prompt always goes on.',
      example: ['.bail off'],
      takes: [1, 1],
      run: async (shell, [word]) => {
        shell.bail = onOff(word);
        return 'done';
      },
    },
    {
      name: 'prompt',
      usage: '[TEXT]',
      summary: 'choose what stands before a statement that is typed',
      explanation:
        'Further lines of a statement are led by dots of the same width. Without a text it is as before, and tells again who else uses the database.',
      example: [".prompt 'D '", '.prompt'],
      takes: [0, 1],
      run: async (shell, [text]) => {
        shell.settings.prompt = text;
        return 'done';
      },
    },
    {
      name: 'echo',
      usage: 'on|off',
      summary: 'write each statement and command before its answer',
      explanation: 'For input from a pipe or a file; what is typed at the prompt is on the screen already.',
      example: ['.echo on'],
      takes: [1, 1],
      run: async (shell, [word]) => {
        shell.echo = onOff(word);
        return 'done';
      },
    },
    {
      name: 'edit',
      usage: '',
      summary: 'open the statement in your editor; \\e too',
      explanation:
        'Opens what is typed, or the last statement, in the editor that VISUAL or EDITOR names, and brings it back to the prompt, where Enter runs it. A line .edit below a statement or \\e at its end, and Ctrl+X Ctrl+E, do so with the statement as it is.',
      example: ['.edit'],
      takes: [0, 0],
      touchesFiles: true,
      // The prompt takes the line before it gets here.
      run: async () => {
        throw new Error('.edit opens an editor for what is typed at the prompt, and there is no prompt here.');
      },
    },
    {
      name: 'exit',
      aliases: ['quit', 'q'],
      usage: '[CODE]',
      summary: 'leave; .quit and Ctrl+D too',
      explanation: 'Ends the program, with this exit code if one is given. A database in memory ends with it.',
      example: ['.exit', '.exit 3'],
      takes: [0, 1],
      run: async (shell, [code]) => {
        if (code !== undefined) shell.exitCode = wholeNumber(code) & 0xff;
        return 'exit';
      },
    },
  ],
};
