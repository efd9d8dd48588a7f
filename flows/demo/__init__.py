"""The demo: the real stack under a fast clock, with simulated agencies around it."""
