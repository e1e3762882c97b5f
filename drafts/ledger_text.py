SUMMARY = """- Against chance the dreams of these networks do not win. On the triangle they are ahead at first and behind later; on the T-maze chance is clearly better. A dream with adaptation and momentum is far better than plain replay, which stays where it is.
- Ask for controls: the same states shuffled, and the same law one by one. They tell order, law and clumps apart."""
