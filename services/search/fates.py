"""What becomes of a message: it is done, refused for good, or left for later; nothing else can happen to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.message import Message
from services.publish import NeverTaken
from services.telemetry import get_log

log = get_log("search")

TRIES = 3
"""A step that fails so often on one message fails on it always, and the message is put aside."""


class Unavailable(Exception):
    """A server that the step needs is away; it will be back, and nobody's message is at fault."""


class Halt(RuntimeError):
    """Going on would do harm, or nothing: the consumer stops, and says why."""


@dataclass(frozen=True)
class Done:
    """The effect is there, and lasting: the offset may be committed. The outcome is what is counted."""

    outcome: str


@dataclass(frozen=True)
class Refused:
    """This message can never be done: to the dead letters with it."""

    error: Exception
    step: str
    attempts: int = 1


@dataclass(frozen=True)
class Later:
    """Not done, through no fault of the message: it is tried again."""

    reason: str


Fate = Done | Refused | Later
Handle = Callable[[Sequence[Message]], Sequence[Fate]]


def judge(handle: Handle, messages: Sequence[Message], step: str) -> list[Fate]:
    """Each message's fate, in order. If the step fails on them together, each is tried alone, to find which it is."""
    if not messages:
        return []
    try:
        fates = list(handle(messages))
    except Unavailable as away:
        return [Later(str(away))] * len(messages)
    except (Halt, NeverTaken):
        raise
    except Exception as error:  # the stream's edge: whatever a step raises is a message's fate, never the consumer's
        log.warning("step failed, trying each message alone", step=step, messages=len(messages), reason=repr(error))
        return _each_alone(handle, messages, step)
    if len(fates) != len(messages):
        raise RuntimeError(f"{step} was given {len(messages)} messages and told the fate of {len(fates)}")
    return fates


def _each_alone(handle: Handle, messages: Sequence[Message], step: str) -> list[Fate]:
    fates: list[Fate] = []
    for message in messages:
        fate = _alone(handle, message, step)
        fates.append(fate)
        if isinstance(fate, Later):
            # What is away for one is away for all: asking for each would take a timeout each.
            return fates + [fate] * (len(messages) - len(fates))
    return fates


def _alone(handle: Handle, message: Message, step: str) -> Fate:
    failure: Exception = RuntimeError(f"{step} was never tried")
    for _ in range(TRIES):
        try:
            return next(iter(handle([message])))
        except Unavailable as away:
            return Later(str(away))
        except (Halt, NeverTaken):
            raise
        except Exception as error:  # the stream's edge, as above
            failure = error
    log.error("step failed on one message every time", step=step, tries=TRIES, exc_info=failure)
    return Refused(failure, step, attempts=TRIES)
