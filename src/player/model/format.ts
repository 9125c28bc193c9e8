const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 1234567 → "1,234,567". */
export function formatCount(count: number | bigint): string {
  return whole.format(count);
}

/** "1 record", "2 records", "2 batches". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** 1536 → "1.5 KB", with kilobytes of 1,024 bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${formatCount(bytes)} B`;
  if (bytes < 1024 * 1024) return `${short(bytes / 1024)} KB`;
  return `${short(bytes / (1024 * 1024))} MB`;
}

/** 0.0123 → "12 µs", 5.12 → "5.12 ms", 2345 → "2,345 ms", 61000 → "61 s". */
export function formatMs(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size !== 0 && size < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (size < 10_000) return `${Number(milliseconds.toFixed(size < 100 ? 2 : 0)).toLocaleString('en')} ms`;
  return `${Number((milliseconds / 1000).toFixed(2)).toLocaleString('en')} s`;
}

function short(amount: number): string {
  return amount < 9.95 && !Number.isInteger(amount) ? amount.toFixed(1) : whole.format(Math.round(amount));
}

/** 1 → "1st", 12 → "12th". */
export function ordinal(place: number): string {
  const tens = place % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${formatCount(place)}${suffix}`;
}

/** "1", "1 and 2", "1, 2 and 3". */
export function listing(items: readonly (number | string)[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}
