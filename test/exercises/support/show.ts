/** How graders put what they saw into words. */
export const show = {
  /** Bytes in hexadecimal, with the text they spell where they spell one. */
  bytes(hex: string): string {
    const text = Buffer.from(hex, 'hex').toString('utf8');
    const readable = hex !== '' && !/[\p{Cc}\uFFFD]/u.test(text);
    return readable ? `${hex} ("${text}")` : hex === '' ? '(empty)' : hex;
  },

  placement(
    placement: { partition: number } | { returned: string } | { error: string; message: string },
  ): string {
    if ('error' in placement) return `not at all, ${placement.error}: ${placement.message}`;
    return 'partition' in placement
      ? `partition ${placement.partition}`
      : `by ${placement.returned}, which is no number`;
  },
};
