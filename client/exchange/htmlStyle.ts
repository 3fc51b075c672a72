/** The look of an exported page: its reader's light or dark scheme, and readable on paper. */
export const htmlStyle = `
:root { color-scheme: light dark; --line: #d0d7de; --quiet: #57606a; --soft: #f6f8fa; --error: #b42318; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --quiet: #9198a1; --soft: #1c2128; --error: #ff8b80; } }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 24px; }
section { margin: 0 0 24px; }
.title { margin: 0 0 6px; font-size: 16px; }
pre, code, td, th { font-family: ui-monospace, Consolas, Menlo, monospace; font-size: 13px; }
pre { margin: 0 0 8px; padding: 10px 12px; overflow: auto; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; }
code { background: var(--soft); }
.output { background: none; white-space: pre-wrap; overflow-wrap: anywhere; }
.error { color: var(--error); border-color: var(--error); }
.table { max-height: 480px; overflow: auto; border: 1px solid var(--line); border-radius: 6px; margin-bottom: 8px; }
table { border-collapse: collapse; }
.table table { min-width: 100%; }
caption { caption-side: bottom; padding: 4px 10px; text-align: left; color: var(--quiet); font-size: 13px; }
th, td { padding: 3px 10px; text-align: left; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; max-width: 420px; border-bottom: 1px solid var(--line); }
th { position: sticky; top: 0; background: var(--soft); white-space: nowrap; }
.number, .right { text-align: right; font-variant-numeric: tabular-nums; }
.number { white-space: nowrap; }
.center { text-align: center; }
.null { color: var(--quiet); font-style: italic; }
.chart { display: block; max-width: 100%; margin-bottom: 8px; background: #fff; border-radius: 6px; }
@media print { .table { max-height: none; overflow: visible; } th { position: static; } }
`;
