"""What is measured for the claims: one part for one task and one seed. What is claimed of it stands in ``claims``.

The code of these modules, and of what they import, decides whether a measurement is made again. Words are elsewhere.
"""
