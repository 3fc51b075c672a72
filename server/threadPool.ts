/**
 * Each running query holds one thread of libuv's pool, and four (the default) would let four queries freeze every file access.
 * Imported before anything else, because the size is read at the pool's first use; whoever starts this process sets it already.
 */
process.env['UV_THREADPOOL_SIZE'] ??= '16';
