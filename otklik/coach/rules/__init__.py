"""One rule, one module: `find(reading)` gives its findings in order. `MODULES`: code in the contract → module."""

MODULES = {
    "officialese": "officialese",
    "nominal": "nominal",
    "negative": "negative",
    "shouting": "shouting",
}
