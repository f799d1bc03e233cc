"""Segmentation: an issue is a sequence of blocks, a block a sequence of sentences."""

from __future__ import annotations

from ingest.blocks import Block, blocks
from ingest.sentences import sentences

__all__ = ["Block", "blocks", "sentences"]
