"""Compare each place that a name can mean with what the article's other names can mean: the company that it keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from services.enrich.place_senses import COUNTRY, Group, Numbers, Sense, number_of

_FELT_KM = 100.0  # what lies this far counts a third
_FAR_KM = 700.0  # beyond it a neighbour would count less than a thousandth, and is not computed
_CLOSE = 200.0  # characters after which a name beside another counts a third
_FIRST = 20  # mentions of a name that are looked at for others beside them
_MOST = 2_000  # candidates, or mentions, that are compared each with each: arrays of 32 MB


def circles(groups: Sequence[Group]) -> Iterator[Sequence[Group]]:
    """The groups as they come, parted where more would be compared than fits: a gazetteer's page has thousands."""
    first = size = 0
    for index, group in enumerate(groups):
        # four at least, since what is kept for each two names is several times what is kept for two candidates
        more = max(4, len(group.sense.candidates), len(group.spans[:_FIRST]))
        if index > first and size + more > _MOST:
            yield groups[first:index]
            first, size = index, 0
        size += more
    yield groups[first:]


class Company:
    """All candidates of some groups of one article as long arrays, to compare each with each at once."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = groups
        self.counts = np.array([len(g.sense.candidates) for g in groups])
        self.starts = np.concatenate([[0], np.cumsum(self.counts)[:-1]])
        self.owner = np.repeat(np.arange(len(groups)), self.counts)
        self.points = np.vstack([g.sense.points for g in groups])
        self.lands = np.concatenate([g.sense.lands for g in groups])
        self.divisions = np.concatenate([g.sense.divisions for g in groups])
        self.counties = np.concatenate([g.sense.counties for g in groups])
        self.prior = np.concatenate([g.sense.prior for g in groups])
        self.cities = np.concatenate([g.sense.cities for g in groups])
        self.levels = np.concatenate([g.sense.levels for g in groups])
        self._compare()

    def support(self, beliefs: Numbers | None) -> Numbers:
        """From the other names asked for: same county, division, country, level, nearness; again by closeness."""
        weight = self.prior if beliefs is None else beliefs
        apart: list[Numbers] = []
        close: list[Numbers] = []
        for number, known, held in self._shared:
            weighed = _summed(self.owner, number, weight * held, len(self.groups))
            apart.append((self._apart @ weighed)[self.owner, number] * known)
            close.append((self._close @ weighed)[self.owner, number] * known)
        here, there, nearness, closeness = self._near
        felt = nearness * weight[there]
        apart.insert(3, np.bincount(here, felt, len(self.owner)).astype(float))
        close.insert(3, np.bincount(here, felt * closeness, len(self.owner)).astype(float))
        return self._scaled([*apart, *close])

    def support_from(self, background: Sequence[Sense]) -> Numbers:
        """From the other names in the text, that nobody asked for."""
        if not background:
            return np.zeros((len(self.owner), 8))
        weight = np.concatenate([s.prior for s in background])
        sums = [
            _held_in(mine, np.concatenate([getattr(s, name) for s in background]), weight)
            for name, mine in (("counties", self.counties), ("divisions", self.divisions), ("lands", self.lands))
        ]
        here, there, nearness = _neighbours(self.points, np.vstack([s.points for s in background]))
        sums.append(np.bincount(here, nearness * weight[there], len(self.owner)).astype(float))
        return self._scaled(sums)

    def positions(self, text: str, outlet_country: str | None) -> Numbers:
        """Where and how often the name stands, and whether the outlet is of the candidate's country."""
        first = np.array([min(g.spans)[0] / (len(text) + 1) for g in self.groups])
        count = np.array([np.log1p(len(g.spans)) / 2 for g in self.groups])
        home = (self.lands == number_of(outlet_country)).astype(float) if outlet_country else np.zeros(len(self.owner))
        few = np.full(len(self.owner), np.log1p(len(self.groups)) / 3)
        american = (self.lands == number_of("US")).astype(float)
        # how much of the article's world is states and their capitals: there Washington is the city, not the state
        worldly = np.full(len(self.owner), np.mean([g.sense.is_of_states for g in self.groups]))
        return np.column_stack([first[self.owner], count[self.owner], home, few, american, worldly])

    def with_none(self, whole: Numbers) -> Numbers:
        """Add after each group's rows the one for "none of them": it sees the best that any candidate has."""
        rows = np.zeros((len(whole) + len(self.groups), whole.shape[1] + 1))
        none = np.cumsum(self.counts + 1) - 1
        rows[none, :-1] = np.maximum.reduceat(whole, self.starts)
        rows[none, -1] = 1.0
        rows[np.arange(len(whole)) + self.owner, :-1] = whole
        return rows

    def _compare(self) -> None:
        """What each two candidates share, whose group they are of, how close their names stand."""
        # a name speaks for others only: not for itself, nor for its namesake where the article tells two apart
        name = np.array([id(group.sense) for group in self.groups])
        self._apart = (name[:, None] != name[None, :]).astype(float)
        self._close = self._closeness() * self._apart
        self._shared: list[tuple[NDArray[np.intp], Numbers, Numbers]] = []
        everyone = np.ones(len(self.owner))
        parts = (
            (self.counties, everyone),
            (self.divisions, everyone),
            (self.lands, everyone),
            (self.divisions, 1.0 - self.cities),
            # "New York, Ohio and Texas": states are named together, and so are towns
            (self.levels, everyone),
            # France named beside Paris says more than a town of either country would
            (self.lands, (self.levels == COUNTRY).astype(float)),
        )
        for part, held in parts:
            _, number = np.unique(part, return_inverse=True)
            self._shared.append((number, (part > 0).astype(float), held))
        here, there, nearness = _neighbours(self.points, self.points, self.cities > 0)
        apart = self._apart[self.owner[here], self.owner[there]] > 0
        here, there, nearness = here[apart], there[apart], nearness[apart]
        self._near = here, there, nearness, self._close[self.owner[here], self.owner[there]]

    def _closeness(self) -> Numbers:
        """How close two names come to each other in the text: 1 side by side, a third after 200 characters."""
        middles = np.array([(start + end) / 2 for g in self.groups for start, end in g.spans[:_FIRST]])
        starts = np.concatenate([[0], np.cumsum([len(g.spans[:_FIRST]) for g in self.groups])[:-1]])
        gaps = np.minimum.reduceat(np.abs(middles[:, None] - middles[None, :]), starts, axis=0)
        return np.asarray(np.exp(-np.minimum.reduceat(gaps, starts, axis=1) / _CLOSE))

    def _scaled(self, sums: Sequence[Numbers]) -> Numbers:
        """Each sum twice: on a log scale, and against the best of its own group."""
        table = np.log1p(np.column_stack(sums))
        best = np.maximum.reduceat(table, self.starts)
        return np.hstack([table, table - best[self.owner]])


def _summed(owner: NDArray[np.intp], number: NDArray[np.intp], weight: Numbers, groups: int) -> Numbers:
    """The weight that each group has in each number."""
    width = int(number.max()) + 1
    return np.bincount(owner * width + number, weight, groups * width).astype(float).reshape(groups, width)


def _held_in(mine: Numbers, theirs: Numbers, weight: Numbers) -> Numbers:
    """For each of mine the weight of all of theirs that are the same."""
    known, number = np.unique(theirs, return_inverse=True)
    sums = np.bincount(number, weight)
    at = np.minimum(np.searchsorted(known, mine), len(known) - 1)
    return np.where((known[at] == mine) & (mine > 0), sums[at], 0.0)


def _neighbours(
    here: Numbers, there: Numbers, counted: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.intp], NDArray[np.intp], Numbers]:
    """Which lie near which, and how near: 1 at the same point, a third at 100 km."""
    alike = here.astype(np.float32) @ there.T.astype(np.float32)
    felt = alike > 1.0 - (_FAR_KM / 6371.0) ** 2 / 2
    if counted is not None:
        felt &= counted
    mine, theirs = np.nonzero(felt)
    chord = np.linalg.norm(here[mine] - there[theirs], axis=1) * 6371.0
    return mine, theirs, np.exp(-chord / _FELT_KM)
