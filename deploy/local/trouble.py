"""The one name under which everything that keeps the local stack from starting can be caught."""


class CannotStart(RuntimeError):
    """The local stack cannot start; the message is one for a person, and says what to do."""
