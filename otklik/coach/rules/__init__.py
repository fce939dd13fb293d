"""One rule, one module: `find(reading)` gives its findings in order. `MODULES`: code in the contract → module."""

MODULES = {
    "unexplained": "unexplained",
    "refusal": "refusal",
    "price": "price",
    "off-question": "off_question",
    "shouting": "shouting",
}
