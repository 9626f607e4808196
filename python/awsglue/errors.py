"""What this package raises when Glue's interface names something that Mastic does not do."""


class UnsupportedByMastic(NotImplementedError):
    """A part of Glue's interface that is not supported; the message names it and says what to do instead."""

    def __init__(self, what: str, instead: str = "") -> None:
        super().__init__(f"{what} is not supported by Mastic yet." + (f" {instead}" if instead else ""))
