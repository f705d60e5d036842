"""What can go wrong with the warehouse itself."""


class WarehouseError(Exception):
    """The warehouse cannot be used: the message says what is wrong, where, and how to mend it."""

    def __init__(self, what: str, *, where: object, mend: str) -> None:
        super().__init__(f"{what} ({where}). {mend}")
        self.what = what
        self.where = str(where)
        self.mend = mend
