/** https://dolos.ugent.be: winnowing over tokens, as MOSS does it. */
export declare function loadDolos(): typeof import('@dodona/dolos-core', {
  with: { 'resolution-mode': 'import' },
});
