/** What somebody looks at more closely. */
export type Selection =
  | { readonly kind: 'record'; readonly record: number }
  | { readonly kind: 'batch'; readonly batch: number }
  | null;
