/** What `exercises/<slug>/<file>` exports, as it is on disk now. Throws what the file throws while it is read. */
export declare function loadAnswer<Exports>(slug: string, file: string): Exports;
