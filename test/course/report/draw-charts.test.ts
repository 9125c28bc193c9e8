import fs from 'node:fs';
import path from 'node:path';
import type { VegaLiteSpec } from '../../../src/charts/vega-lite-spec';
import { chartDrawer } from '../../../src/course/report/draw-charts';
import { projectRoot } from '../../../src/support/project-paths';

it('says in place of a chart that it could not be drawn, and lets the grading go on', async () => {
  const complaints = jest.spyOn(console, 'error').mockImplementation(() => {});
  const folder = `test-${process.pid}`;
  try {
    const spec = { title: 'A <broken> chart', mark: 'no such mark' } as unknown as VegaLiteSpec;
    const { file, title } = await chartDrawer(folder)('99-broken', 0, spec);
    expect(title).toBe('A <broken> chart');
    expect(fs.readFileSync(path.join(projectRoot, file), 'utf8')).toContain(
      'The chart "A &lt;broken> chart" could not be drawn.',
    );
    expect(complaints).toHaveBeenCalledWith(expect.stringContaining('99-broken: The chart'));
  } finally {
    complaints.mockRestore();
    fs.rmSync(path.join(projectRoot, 'reports', folder), { recursive: true, force: true });
  }
});
