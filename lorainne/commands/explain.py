"""`lorainne explain`."""

from __future__ import annotations

import click


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a mistake by its CODE, such as weekday-mismatch.

    It is told what it means, why it matters, and how to repair it. Without a CODE all of them are listed.
    """
    from lorainne import codes
    from lorainne.content.text import nearest
    from lorainne.diagnostics import code_of

    known = {code_of(function): codes.explanation(function) for function in codes.ALL}
    if code is None:
        width = max(map(len, known))
        for name in sorted(known):
            click.echo(f"{name:{width}}  {known[name].splitlines()[0]}")
    elif code in known:
        click.echo(f"{code}\n\n{known[code]}")
    else:
        near = [f"did you mean `{other}`?" for other in nearest(code, known, min_similarity=0.6)]
        raise click.UsageError(f"there is no code {code}; {[*near, '`lorainne explain` lists them all'][0]}")
