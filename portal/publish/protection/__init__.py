"""What may be shown: blocks and rungs, and the attacker that tries each release as the gate."""
