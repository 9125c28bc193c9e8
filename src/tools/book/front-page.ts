import type { ExerciseDefinition } from '../../course/exercises/exercise-definition';
import type { NotebookDefinition } from '../../course/notebook/course-map';

export interface BookContents {
  /** Every notebook of the book, by the name of its file without ending. */
  readonly notebooks: readonly string[];
  readonly about: readonly NotebookDefinition[];
  readonly exercises: readonly Pick<ExerciseDefinition, 'slug' | 'title' | 'notebook'>[];
}

const INTRODUCTION = `# Kafka Producer Internals, in TypeScript

What happens between \`producer.send()\` and the line in the broker's log? This course takes a Kafka producer apart, against
a real broker: predict, run, and see in a chart what the broker stored; then write the part yourself, and have it graded by
what it does to a real Kafka.

These pages are the course to read: every notebook with what its cells showed when they were last run, and the text of
every exercise. Begin with [00 · Start here](notebooks/00-start-here.ipynb). Charts that have sliders can be played with here.
To run the cells, to change them, and to solve the exercises, you need the course itself, on your own machine.

## Run it yourself

With Node 20 or newer, npm, Python 3.10 or newer with venv, and git, in the folder of the course:

\`\`\`sh
npm start      # a broker and JupyterLab; open the URL that it prints
npm test       # tests everything and grades your answers
\`\`\`

## What is where`;

/** The first page: what the book is, the table of what belongs to what, and the order of the pages. */
export function frontPage({ notebooks, about, exercises }: BookContents): string {
  const rows = about.map((notebook) => {
    const prepared = exercises.filter((exercise) => exercise.notebook === notebook.slug);
    const links = prepared.map(({ slug, title }) => `[${number(slug)} · ${title}](${readmeOf(slug)})`);
    const title = `[${number(notebook.slug)} · ${notebook.title}](notebooks/${notebook.slug}.ipynb)`;
    return `| ${title} | ${notebook.about} | ${links.join('<br>')} |`;
  });
  return [
    INTRODUCTION,
    '',
    '| notebook | about | exercises |',
    '|---|---|---|',
    ...rows,
    '',
    ...pagesInOrder('Notebooks', notebooks.map((slug) => `notebooks/${slug}`)), // prettier-ignore
    '',
    ...pagesInOrder('Exercises', exercises.map(({ slug }) => `exercises/${slug}/README`)), // prettier-ignore
    '',
  ].join('\n');
}

const number = (slug: string): string => slug.slice(0, 2);

const readmeOf = (slug: string): string => `exercises/${slug}/README.md`;

/** Shown by the navigation beside every page, and not a second time on this one. */
function pagesInOrder(caption: string, pages: readonly string[]): string[] {
  return ['```{toctree}', ':hidden:', `:caption: ${caption}`, '', ...pages, '```'];
}
