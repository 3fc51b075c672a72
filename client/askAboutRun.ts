import { window, workspace } from 'vscode';
import { heldQuestion, type RunGuard } from './plan/heldRun.ts';

/** Asks a person before a statement runs that may produce more rows than the setting allows. */
export const askAboutRun: RunGuard = {
  warnAboveRows: () => workspace.getConfiguration('kodiak').get('run.warnAboveRows', 0),
  decide: async (held, sql) => {
    const [run, plan] = ['Run', 'Show Plan'];
    const { message, detail } = heldQuestion(held, sql);
    const choice = await window.showWarningMessage(message, { modal: true, detail }, run, plan);
    return choice === run ? 'run' : choice === plan ? 'plan' : 'cancel';
  },
};
