"""Makes pages of TypeScript files, so that a link to a stub leads into the book and not to a download; mends captions."""

from pathlib import PurePosixPath

from docutils import nodes
from sphinx import addnodes
from sphinx.parsers import Parser


class TypeScriptParser(Parser):
    supported = ("typescript",)

    def parse(self, inputstring, document):
        environment = document.settings.env
        # A page that is reached by links, and has no place of its own in the navigation.
        environment.metadata[environment.docname]["orphan"] = True
        path = PurePosixPath(f"{environment.docname}.ts")
        section = nodes.section(ids=[nodes.make_id(path.name)], names=[path.name])
        section += nodes.title(text=path.name)
        section += nodes.paragraph("", "", nodes.literal(text=str(path)), *self.way_back(environment, path))
        section += nodes.literal_block(inputstring, inputstring, language="typescript")
        document += section

    def way_back(self, environment, path):
        """A link to the exercise that the file belongs to, named by its title."""
        exercise = str(path.with_name("README"))
        if exercise not in environment.found_docs:
            return []
        link = addnodes.pending_xref(
            "",
            nodes.inline(),
            refdoc=environment.docname,
            refdomain="std",
            reftype="doc",
            reftarget=f"/{exercise}",
            refexplicit=False,
            refwarn=True,
        )
        return [nodes.Text(", for "), link]


def give_captions_a_level(app, page, template, context, doctree):
    """Sphinx calls the captions of the navigation headings and does not say of which level, which a screen reader needs."""
    navigation = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = navigation.replace('role="heading">', 'role="heading" aria-level="2">')


def setup(app):
    app.add_source_suffix(".ts", "typescript")
    app.add_source_parser(TypeScriptParser)
    # After the theme, which makes the navigation in the same event.
    app.connect("html-page-context", give_captions_a_level, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
