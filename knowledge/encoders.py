"""The encoder that the settings name, one for the whole process."""

from __future__ import annotations

from functools import cache

from knowledge.encoder import Encoder, EncoderName, UniversalSentenceEncoder
from knowledge.encoder_pair import EncoderPair


@cache
def load_encoder(name: EncoderName) -> Encoder | None:
    """The encoder of that name; None for `none`. Raises EncoderUnavailable."""
    if name == "both":
        return EncoderPair()
    return UniversalSentenceEncoder() if name == "use" else None
