// A notebook whose cells answer at once, without an engine and without a server: what VS Code itself takes for what Kodiak does.
const {
  NotebookCellData,
  NotebookCellKind,
  NotebookCellOutput,
  NotebookCellOutputItem,
  NotebookData,
  notebooks,
  workspace,
} = require('vscode');

const MIME = 'application/x.floor';
/** As many characters as a page of 200 rows with 6 columns takes. */
const PAGE_CHARACTERS = 16_000;

exports.activate = (context) => {
  const controller = notebooks.createNotebookController('floor', 'floor', 'Floor');
  controller.supportsExecutionOrder = true;
  let order = 0;
  controller.executeHandler = async (cells) => {
    for (const cell of cells) {
      const execution = controller.createNotebookCellExecution(cell);
      execution.executionOrder = ++order;
      execution.start(Date.now());
      await execution.replaceOutput(new NotebookCellOutput([NotebookCellOutputItem.json({ began: Date.now() }, MIME)]));
      execution.end(true, Date.now());
    }
  };
  const messaging = notebooks.createRendererMessaging('floor');
  const page = 'x'.repeat(PAGE_CHARACTERS);
  messaging.onDidReceiveMessage(({ editor, message }) => messaging.postMessage({ ...message, page }, editor));
  const serializer = {
    deserializeNotebook: () => new NotebookData([new NotebookCellData(NotebookCellKind.Code, 'run', 'plaintext')]),
    serializeNotebook: () => new Uint8Array(),
  };
  context.subscriptions.push(controller, workspace.registerNotebookSerializer('floor', serializer));
};
