"""One rule, one module: `find(reading)` gives its findings in order. `MODULES`: code in the contract → module."""

MODULES = {
    "vague": "vague",
    "lecture": "lecture",
    "blame": "blame",
    "template": "template",
    "shouting": "shouting",
    "rude": "rude",
    "dissuade": "dissuade",
}
