"""One rule, one module: `find(reading)` gives its findings in order. `MODULES`: code in the contract → module."""

MODULES = {
    "greeting": "greeting",
    "address": "address",
    "next-step": "next_step",
    "apology": "apology",
    "thanks": "thanks",
    "shouting": "shouting",
    "long": "long",
}
