"""Questions about the schema itself: which operations ask nothing else, and how many of their answers are kept."""

from __future__ import annotations

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
)

FIELDS = {"__schema", "__type", "__typename"}
MOST_KEPT = 16
MOST_BYTES = 8 * 1024 * 1024
LARGEST_KEPT = 2 * 1024 * 1024
"""The whole staff schema takes 0.8 MB."""


def asks_only_about_schema(document: DocumentNode, operation: OperationDefinitionNode) -> bool:
    """Whether the answer of a valid operation follows from its document, its variables and the schema alone."""
    if operation.operation is not OperationType.QUERY:
        return False
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    seen: set[str] = set()
    waiting = [operation.selection_set]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                if node.name.value not in FIELDS:
                    return False
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                waiting.append(fragments[node.name.value].selection_set)
    return True
