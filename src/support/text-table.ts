import Table from 'cli-table3';

/** No rules: rows of a terminal or a notebook cell are told apart without them. */
const NO_RULES = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '' },
  ...{ right: '', 'right-mid': '', middle: '  ' },
};

/** A plain-text table. Columns whose cells are all numbers are aligned to the right. */
export function textTable(
  heads: readonly string[],
  rows: readonly (readonly (string | number | bigint)[])[],
): string {
  const table = new Table({
    head: [...heads],
    colAligns: heads.map((_head, column) => (rows.every((row) => isNumber(row[column])) ? 'right' : 'left')),
    chars: NO_RULES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push(row.map(String));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function isNumber(cell: string | number | bigint | undefined): boolean {
  return typeof cell === 'number' || typeof cell === 'bigint' || /^[\d.,]+( ?%| ms)?$/.test(cell ?? '');
}
