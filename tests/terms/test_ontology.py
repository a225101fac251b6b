"""The ontology as LANGUAGE 6 lists it: parents, leaves and the order of deployment classes."""

from __future__ import annotations

import pytest

from interlock.terms import ACTIONS, DEPLOYMENT_CLASSES, HAZARDS, LEAF_ACTIONS, classes_at_least, leaf_actions, ships

CHILDREN = {
    "deploy": [
        "deploy.internal.research",
        "deploy.internal.wide",
        "deploy.external.trusted",
        "deploy.external.limited",
        "deploy.external.public",
    ],
    "deploy.internal": ["deploy.internal.research", "deploy.internal.wide"],
    "deploy.external": ["deploy.external.trusted", "deploy.external.limited", "deploy.external.public"],
}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_stands_for_its_leaves_and_a_leaf_for_itself(action: str) -> None:
    assert list(leaf_actions(action)) == CHILDREN.get(action, [action])


def test_every_action_but_the_parents_is_a_leaf() -> None:
    assert set(LEAF_ACTIONS) == set(ACTIONS) - set(CHILDREN)


@pytest.mark.parametrize("action", ["fly", "", "deploy.", "deploy.internal.", "Train", "internal"])
def test_there_are_no_other_actions(action: str) -> None:
    assert action not in ACTIONS
    with pytest.raises(KeyError):
        leaf_actions(action)


def test_all_leaves_of_an_action_ship_or_none_does() -> None:
    """A decision on a parent has one rule of reach for all its children (LANGUAGE 3.3)."""
    for action in ACTIONS:
        assert len({ships(leaf) for leaf in leaf_actions(action)}) == 1


def test_all_but_training_and_storing_ships() -> None:
    assert {action for action in LEAF_ACTIONS if not ships(action)} == {"train", "store"}


def test_classes_rise_from_internal_research_to_the_release_of_weights() -> None:
    assert DEPLOYMENT_CLASSES == (
        "deploy.internal.research",
        "deploy.internal.wide",
        "deploy.external.trusted",
        "deploy.external.limited",
        "deploy.external.public",
        "release-weights",
    )


@pytest.mark.parametrize("place", range(len(DEPLOYMENT_CLASSES)))
def test_a_class_or_above_is_itself_and_all_that_follow(place: int) -> None:
    assert classes_at_least(DEPLOYMENT_CLASSES[place]) == frozenset(DEPLOYMENT_CLASSES[place:])


def test_a_parent_class_counts_from_its_lowest_child() -> None:
    assert classes_at_least("deploy") == frozenset(DEPLOYMENT_CLASSES)
    assert classes_at_least("deploy.internal") == frozenset(DEPLOYMENT_CLASSES)
    assert classes_at_least("deploy.external") == frozenset(DEPLOYMENT_CLASSES[2:])


@pytest.mark.parametrize("action", ["train", "store", "share-weights"])
def test_an_action_that_deploys_nothing_is_no_class(action: str) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        classes_at_least(action)


def test_hazards_are_each_named_once() -> None:
    assert len(set(HAZARDS)) == len(HAZARDS) == 17
