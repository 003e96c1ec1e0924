"""`python -m lorainne`."""

from lorainne.cli import main

main()
