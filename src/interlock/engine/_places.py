"""Places: where a checkpoint stands on the way from a model's ancestors down to the checkpoint asked about.

Evidence reaches along this path: reached downwards, ruling-out as far as LANGUAGE 3.3 says. A model is a generation of
the path, a weights digest a position within it.
"""

from __future__ import annotations

from dataclasses import dataclass

from interlock.engine._errors import Refused
from interlock.engine._state import Model, View
from interlock.record import ModelRegistered


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A generation (0 for the oldest ancestor) and a position among that model's checkpoints."""

    generation: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The models from the oldest ancestor to the one asked about, and the place that is asked about."""

    models: tuple[Model, ...]
    asked: Place

    def is_own_model(self, place: Place) -> bool:
        """Return whether the place is on the model asked about."""
        return place.generation == self.asked.generation

    def is_upstream(self, place: Place) -> bool:
        """Return whether the checkpoint asked about came from the one at `place`, or is it.

        An ancestor's checkpoint is upstream if it was named no later than the registration of the next model down:
        one that was named after that is no forebear of it.
        """
        if self.is_own_model(place):
            return place.position <= self.asked.position
        named = list(self.models[place.generation].checkpoints.values())
        if place.position >= len(named):
            return True
        child = self.models[place.generation + 1]
        return named[place.position] <= child.registrations[0].occurred


def path_to(view: View, model: Model, weights: str | None) -> Path:
    """Return the path down to `model` at `weights`.

    Raises Refused where the recorded parents form a cycle, or where a model on the way is registered differently twice.
    """
    models = [model]
    _check_registrations(model)
    while (parent := models[-1].parent) is not None:
        if any(parent == known.id for known in models):
            msg = f"the recorded parents of model `{model.id}` form a cycle through `{parent}`"
            raise Refused(msg, advice="correct the registration with an event.corrected event")
        models.append(view.model(parent) or Model(parent))
        _check_registrations(models[-1])
    models.reverse()
    return Path(models=tuple(models), asked=Place(len(models) - 1, model.position(weights)))


def _check_registrations(model: Model) -> None:
    registered = [event.payload for event in model.registrations if isinstance(event.payload, ModelRegistered)]
    if len({(said.parent, said.developer) for said in registered}) > 1:
        indices = ", ".join(str(event.index) for event in model.registrations)
        msg = f"events {indices} register model `{model.id}` with different parents or developers"
        raise Refused(msg, advice="correct one with an event.corrected event")
