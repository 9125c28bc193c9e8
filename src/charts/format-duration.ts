/** 0.0123 → "12 µs", 0.4 → "400 µs", 5.12 → "5.1 ms", 2345 → "2.3 s": three digits at most, and the unit that suits them. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0.9995) return `${Math.round(milliseconds * 1000)} µs`;
  if (milliseconds < 1000) return `${short(milliseconds)} ms`;
  return `${short(milliseconds / 1000)} s`;
}

/** 1536 → "1.5 KB": kilobytes of 1,024 bytes, as Kafka's own sizes are meant. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${Math.round(bytes)} bytes`;
  if (bytes < 1024 * 1024) return `${short(bytes / 1024)} KB`;
  return `${short(bytes / (1024 * 1024))} MB`;
}

function short(amount: number): string {
  return amount < 9.95 && !Number.isInteger(amount) ? amount.toFixed(1) : String(Math.round(amount));
}
