"""The ontology of version 1 of the language: hazards, and actions with their parents and order (LANGUAGE 6)."""

from __future__ import annotations

from typing import Final

HAZARDS: Final = (
    "cbrn.chemical",
    "cbrn.biological",
    "cbrn.radiological",
    "cbrn.nuclear",
    "cyber.uplift",
    "cyber.autonomy",
    "autonomy.replication",
    "autonomy.resource-acquisition",
    "ai-rnd.automation",
    "ai-rnd.acceleration",
    "misalignment.scheming",
    "misalignment.sabotage",
    "misalignment.sandbagging",
    "misalignment.shutdown-resistance",
    "manipulation",
    "weight-theft",
    "unknown",
)
DEPLOYMENT_CLASSES: Final = (
    "deploy.internal.research",
    "deploy.internal.wide",
    "deploy.external.trusted",
    "deploy.external.limited",
    "deploy.external.public",
    "release-weights",
)
"""The deployment classes in rising order of how far the model is let out."""

LEAF_ACTIONS: Final = ("train", "store", *DEPLOYMENT_CLASSES, "share-weights")
"""The actions that can be done; every other action of the ontology is a parent of some of them."""

ACTIONS: Final = (
    "train",
    "store",
    "deploy",
    "deploy.internal",
    "deploy.internal.research",
    "deploy.internal.wide",
    "deploy.external",
    "deploy.external.trusted",
    "deploy.external.limited",
    "deploy.external.public",
    "release-weights",
    "share-weights",
)
_CHILDREN: Final = {
    action: tuple(leaf for leaf in LEAF_ACTIONS if leaf == action or leaf.startswith(f"{action}."))
    for action in ACTIONS
}
_WITHOUT_SHIPPING: Final = frozenset({"train", "store"})


def leaf_actions(action: str) -> tuple[str, ...]:
    """Return the leaf actions that `action` stands for; a leaf stands for itself. KeyError outside the ontology."""
    return _CHILDREN[action]


def ships(action: str) -> bool:
    """Return whether `action` lets a model out of the place where it is trained and stored (LANGUAGE 3.3)."""
    return action not in _WITHOUT_SHIPPING


def classes_at_least(action: str) -> frozenset[str]:
    """Return the deployment classes at or above `action`; a parent class counts from its lowest child.

    ValueError for an action that is no deployment class (LANGUAGE 6).
    """
    lowest = min(DEPLOYMENT_CLASSES.index(leaf) for leaf in leaf_actions(action))
    return frozenset(DEPLOYMENT_CLASSES[lowest:])
