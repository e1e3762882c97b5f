"""The maze lab: draw a maze, train a network in it in the page, and let it dream."""
