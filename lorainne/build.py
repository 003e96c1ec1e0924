"""The order of the stages, nothing else: the map of the program."""

from __future__ import annotations

from dataclasses import replace

from lorainne import checks
from lorainne.content import decode, uploads, yaml_tree
from lorainne.content.memo import NO_MEMO, Memo
from lorainne.content.project import Project
from lorainne.diagnostics import has_errors, in_order
from lorainne.exports import api, atom, citations, frab, ics, qr, sitemap
from lorainne.markup import Texts
from lorainne.output.site import Compiled, Site
from lorainne.programme import language
from lorainne.programme.context import Context
from lorainne.programme.facts import Facts, GetOrMake, no_cache
from lorainne.programme.routes import plan
from lorainne.programme.schedule import derive
from lorainne.site import card, files, pages, pictures

# In the order in which they are made: what keeps most in memory comes last.
OUTPUTS = (pages, files, pictures, card, frab, qr, api, citations, atom, sitemap, ics)


def compile_site(project: Project, memo: Memo = NO_MEMO, get_or_make: GetOrMake = no_cache) -> Compiled:
    """Return the site of a project, not yet rendered, and everything that is wrong with it."""
    content = project.below("content")
    documents = yaml_tree.parse(content, memo)
    workshop, problems = decode.decode(documents, content, memo)
    problems += uploads.check(content)
    words, more = language.load(project, workshop)
    problems += more
    texts = memo.renew("texts", Texts)
    facts = Facts(
        project=project,
        workshop=workshop,
        schedule=derive(workshop, texts),
        words=words,
        texts=texts,
        get_or_make=get_or_make,
    )
    routes, more = plan(route for output in OUTPUTS for route in output.paths(facts))
    facts = replace(facts, routes=routes)
    problems += [*more, *checks.run(facts)]
    if has_errors(problems):
        return Compiled(problems=in_order(problems))
    problems += [*pages.check(facts), *pictures.check(facts)]
    context = Context.build(facts)
    makers = {path: make for output in OUTPUTS for path, make in output.render(context).items()}
    return Compiled(site=Site(makers), problems=in_order(problems), context=context)
