"""English rules: `find(reading)` gives a rule's findings in order. `MODULES`: code in the contract → module.

No parser and no dictionary: lists of words, participles by their ending and by a list of irregular ones.
"""

MODULES = {
    "passive": "passive",
    "refusal": "refusal",
    "next-step": "next_step",
    "apology": "apology",
    "vague": "vague",
    "blame": "blame",
    "template": "template",
    "shouting": "shouting",
    "promise": "promise",
}
