"""The forged pairs of archive and claim, each against one rule of the contents proof.

Every attack would pass if its rule were taken out. `Attack.code` is that rule's reason code, and
`Attack.more` are those of rules that happen to stop it too.
"""

import support_attacks_classes
import support_attacks_links
import support_attacks_names
import support_attacks_objects
from support_forging import ATTACKS, Attack

__all__ = ["ATTACKS", "Attack"]

PARTS = (
    support_attacks_classes,
    support_attacks_links,
    support_attacks_names,
    support_attacks_objects,
)
"""Importing them enters their attacks into the list."""
