import type { PictureProps } from './picture';

/** Few partitions are drawn larger, many still fit. In CSS pixels. */
export function rowHeight({ partitions, index, isCompact = false }: PictureProps): number {
  const room = (isCompact ? 300 : 380) - 40 * index.nodes.length;
  return Math.round(Math.min(130, Math.max(46, room / Math.max(1, partitions.length))));
}

/** A row that is at least so high has room for the records of a batch, one by one. */
export const ROW_WITH_RECORDS = 84;
