const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** 1234567 → "1,234,567": the same in every locale, so that a text can be compared. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A share of one as a percentage: 0.25 → "25 %", 0.005 → "0.5 %". Never rounds something up to all or down to nothing. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  if (percent < 100 && percent > 99) return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
  return `${percent < 10 ? tenths.format(percent) : whole.format(percent)} %`;
}

/** "1 record", "2 records". */
export function formatRecords(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'record' : 'records'}`;
}
