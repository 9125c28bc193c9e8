import { complaintsAbout, notebookForBook } from '../../../src/tools/book/executed-notebook';
import type { CellOutput, ExecutedNotebook } from '../../../src/tools/book/executed-notebook';

/** The first 24 bytes of a PNG file that is 1360 pixels wide and 700 high: all of it that is looked at. */
const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from([0, 0, 1360 >> 8, 1360 & 255, 0, 0, 700 >> 8, 700 & 255]),
]);
const SPEC = {
  $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
  title: { text: ['1,200 records,', '"95" to 276'] },
  description: 'Six bars: </script> & more',
};
const CHART: CellOutput = {
  output_type: 'display_data',
  data: {
    'application/vnd.vegalite.v5+json': SPEC,
    'image/png': PNG.toString('base64'),
    'text/plain': 'bars',
  },
};

function notebook(cells: ExecutedNotebook['cells'], wrong: string[] | undefined = []): ExecutedNotebook {
  return { cells, metadata: wrong === undefined ? {} : { run: { wrong } } };
}
const code = (source: string, outputs: CellOutput[] = []) => ({ cell_type: 'code', source, outputs });
const text = (source: string) => ({ cell_type: 'markdown', source });

function shownHtml(output: CellOutput): string {
  const made = notebookForBook(notebook([code('draw', [output])]), '03-x', '../_static/charts');
  const { data } = made.notebook.cells[0]!.outputs![0]!;
  return data!['text/html'] as string;
}

describe('an executed notebook in the book', () => {
  it('shows a chart as a picture with its words, its size and its spec, and keeps no other form of it', () => {
    const made = notebookForBook(notebook([code('draw', [CHART, CHART])]), '03-x', '../_static/charts');
    expect(made.pictures.map(({ name }) => name)).toEqual(['03-x-1.png', '03-x-2.png']);
    expect(made.pictures[0]!.png).toEqual(PNG);
    const [first, second] = made.notebook.cells[0]!.outputs!;
    expect(Object.keys(first!.data!)).toEqual(['text/html']);
    const html = first!.data!['text/html'] as string;
    expect(html).toContain('<img src="../_static/charts/03-x-1.png" width="680" height="350"');
    expect(html).toContain('alt="Six bars: &lt;/script&gt; &amp; more"');
    expect(html).toContain('aria-label="Chart: 1,200 records, &quot;95&quot; to 276"');
    expect(second!.data!['text/html']).toContain('03-x-2.png');
  });

  it('keeps a spec inside its script element, as one that the page’s own library draws', () => {
    const html = shownHtml(CHART);
    const json = /<script type="application\/json">(.*?)<\/script>/.exec(html)![1]!;
    expect(JSON.parse(json)).toEqual({ ...SPEC, $schema: 'https://vega.github.io/schema/vega-lite/v6.json' });
  });

  it('refuses a chart without a picture, which would be nothing where no script runs', () => {
    const { 'image/png': _, ...data } = CHART.data!;
    expect(() => shownHtml({ ...CHART, data })).toThrow('no picture');
  });

  it('parts the cells of a table, whose text the search would run together', () => {
    const html = ['<table><tr><td>batch.size</td><td>16384</td></tr>', '<tr><td>a</td></tr></table>'];
    expect(shownHtml({ output_type: 'display_data', data: { 'text/html': html } })).toBe(
      '<table><tr><td>batch.size</td> <td>16384</td> </tr> <tr><td>a</td> </tr> </table>',
    );
  });

  it('turns a diagram into text that a script draws, and touches nothing else of the words', () => {
    const markdown = [
      '# A',
      '',
      '```mermaid',
      'flowchart LR',
      '  a["x<br/>y"] --> b',
      '```',
      '',
      '```sh',
      'npm start',
      '```',
    ];
    const made = notebookForBook(notebook([text(markdown.join('\n'))]), 'x', '');
    expect(made.notebook.cells[0]!.source).toBe(
      [
        '# A',
        '',
        '<pre class="mermaid">',
        'flowchart LR',
        '  a[&quot;x&lt;br/&gt;y&quot;] --&gt; b',
        '</pre>',
        '',
        '```sh',
        'npm start',
        '```',
      ].join('\n'),
    );
  });
});

describe('a copy of a run', () => {
  const committed: ExecutedNotebook = { cells: [text('# A'), code('one\ntwo')], metadata: {} };

  it('fits the notebook when every cell is as it was, however its lines are kept', () => {
    const copy = notebook([text('# A'), { ...code(''), source: ['one\n', 'two'] }]);
    expect(complaintsAbout(copy, committed)).toEqual([]);
  });

  it.each<[string, ExecutedNotebook, string]>([
    ['an older notebook', notebook([text('# A'), code('one')]), 'it was run before it was last changed'],
    ['a failed run', notebook(committed.cells, ['cell 1 failed']), 'cell 1 failed'],
    ['a run of unknown end', { ...committed }, 'it does not say how its run went'],
  ])('is refused when it is of %s', (_, copy, complaint) => {
    expect(complaintsAbout(copy, committed)).toEqual([complaint]);
  });
});
