"""[privacy]: how long personal data is kept, and what an erasure reaches."""

from __future__ import annotations

from pipeline.config.values import Section


class PrivacyConfig(Section):
    """[privacy]"""

    mailbox: bool = False
