"""What a rescue command says when it stops.

RescueFault     it can't be done; nothing was changed
├── Damaged     the file of a copy is broken
└── WrongSecret the passphrase or key doesn't fit
"""


class RescueFault(Exception):
    """The text says what happened and what to do, for a person at a terminal."""


class Damaged(RescueFault):
    """Bytes of a copy are not those that were written."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"Файл копии повреждён: {where}.\nВозьмите другую копию или скопируйте этот файл заново с места хранения."
        )


class WrongSecret(RescueFault):
    pass
