import { describeDifference, describeSpread, type RecordsPerPartition } from './distribution-finding';
import { formatCount } from './format-number';

/** Eighths of a character cell, so that small differences between partitions still show. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const BAR_WIDTH = 40;

export interface TextDistribution {
  readonly measured: RecordsPerPartition;
  readonly expected?: RecordsPerPartition;
  readonly title?: string;
}

/** Draws a distribution as text, for terminals and for the text form of a notebook output: one line per partition. */
export function textDistribution({ measured, expected, title }: TextDistribution): string {
  const partitions = Math.max(measured.length, expected?.length ?? 0);
  const finding =
    title ?? (expected === undefined ? describeSpread(measured) : describeDifference(expected, measured));
  const largest = Math.max(1, ...measured, ...(expected ?? []));
  const figureWidth = formatCount(largest).length;
  const lines = Array.from({ length: partitions }, (_, partition) => {
    const count = measured[partition] ?? 0;
    const figure = formatCount(count).padStart(figureWidth);
    const wanted = expected?.[partition] ?? 0;
    const note = expected === undefined || wanted === count ? '' : `  expected ${formatCount(wanted)}`;
    const label = String(partition).padStart(String(partitions - 1).length);
    return `  partition ${label}  ${figure}  ${textBar(count / largest, BAR_WIDTH)}${note}`.trimEnd();
  });
  return [finding, ...lines].join('\n');
}

/** A bar `share` (0 to 1) of `width` characters long. What is more than nothing shows at least a sliver. */
export function textBar(share: number, width: number): string {
  const eighths = Math.min(width * 8, Math.max(share > 0 ? 1 : 0, Math.round(share * width * 8)));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
