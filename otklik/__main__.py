"""`python -m otklik`: the same as `otklik`."""

from otklik.site.cli import main

main()
