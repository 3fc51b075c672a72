/** What `kodiak run` can write. */
export const RUN_FORMATS = ['text', 'jsonl', 'junit', 'markdown', 'html'] as const;

/** `graph`: side by side where cells do not depend on each other; `top`: one after the other. */
export const RUN_ORDERS = ['graph', 'top'] as const;
