# How Sphinx makes the book. What it makes it of is written by src/tools/book/book-source.ts.
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Kafka Producer Internals, in TypeScript"
html_title = project
language = "en"
extensions = ["myst_nb", "sphinx.ext.githubpages", "source_pages"]

# The notebooks come executed.
nb_execution_mode = "off"
nb_merge_streams = True
# Markdown that a cell shows is read as the pages are: its links lead to pages, and a broken one is found.
nb_render_markdown_format = "myst"
myst_heading_anchors = 4
# Code in the notebooks is what tslab takes, which is newer than what the highlighter knows in places.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_js_files = [("book.js", {"defer": "defer"})]
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_last_updated_fmt = "%Y-%m-%d"
