/**
 * Imported before the native codecs, whose allocator (mimalloc) reads this once, when they are loaded. By default it asks the
 * kernel for pages of 2 MB, and the kernel clears each before it hands it out: for the output of one batch that took twice
 * as long as compressing it (150 KB of records with lz4: 460 µs with large pages, 205 µs with small ones; snappy 600 and 140).
 */
process.env.MIMALLOC_ALLOW_LARGE_OS_PAGES ??= '0';

// Without an import or an export this would be a script, which tslab does not bring along to a notebook.
export {};
