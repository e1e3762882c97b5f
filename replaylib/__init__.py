"""replaylib: noisy recurrent networks that learn to path-integrate, and what they replay when the input is off."""
