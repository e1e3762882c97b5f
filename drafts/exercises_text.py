HINT = "<details><summary>Hint {}</summary>\n\n{}\n\n</details>\n\n"
def exercise(name, title, line, text, hints, stub, first=False):
    head = "## Exercises\n\nReplace the dots, or the line `raise NotImplementedError`, and run the cell. The check tells what it thinks of your answer, and you may try as often as you like.\n\n" if first else ""
    hidden = "".join(HINT.format(i + 1, h) for i, h in enumerate(hints))
    md(f"{head}### Exercise {name}: {title}\n\n*{line}*\n\n{text}\n\n{hidden}[Solution](solutions/11_what_for.md#solution-{name.replace('.', '')})", ["exercise"])
    start = "from replaylib.exercises import check\n\n\n" if first and stub.startswith("def") else "from replaylib.exercises import check\n\n" if first else ""
    code(start + stub, ["exercise", "remove-output"])
exercise("11.1", "Laps", "Pencil and paper, 4 minutes, objectives 1 and 2.",
 "A ring has 15 bins, the reward lies in one of them, and a wave runs round it at one bin a step and never turns. It starts at the reward. After how many steps are all 14 other states learnt?",
 ["Which side of the ring takes longer?", "On the slow side seven states must be learnt, from the reward outwards. How many steps lie between one and the next?", "Look at the right part of {eq}`eq-carried-wave`, and ask when it is 7."],
 'needed = ...\n\ncheck("11.1", needed)', first=True)
exercise("11.2", "One backup", "Code, 5 minutes, objective 1.",
 "Back up one state. You get two lists with a number for each action: what the action brings at once, `reward`, and the value of the best action in the state that it leads to, `ahead`. Return the new value of the state: that of its best action.",
 ["First the value of each action, then the best of them.", "What lies one step ahead is worth less. What is brought at once is not.", "The largest of `reward[a] + discount * ahead[a]`."],
 'def backed_up(reward, ahead, discount):\n    """Value of the best action after one backup."""\n    raise NotImplementedError\n\n\ncheck("11.2", backed_up)')
exercise("11.3", "How far is it carried?", "Code, 7 minutes, objectives 1 and 2.",
 "You get the list of states that were named, and a way that leads outwards from the reward (which it leaves out). Return how many states of the way are learnt in the end, by {eq}`eq-carried`.",
 ["Walk through the list once, and remember how far you are.", "What is the one state that you are waiting for? All others can be passed over.", "Keep a counter of what is learnt. It is also the place in `way` of the state that you wait for; and the way has an end."],
 'def carried(states, way):\n    """States of the way that are learnt."""\n    raise NotImplementedError\n\n\ncheck("11.3", carried)')
md("A colleague has written Q-learning for a ring of `n` states, for the exercise below. It runs, and its values look plausible.", ["exercise"])
code('''
from itertools import pairwise


def hasty(path, goal, n, discount):
    # Values of the n states of a ring, after a replay of this path.
    values = [0.0] * n
    for state, after in pairwise(path):
        if (after - state) % n not in (1, n - 1):
            continue  # a jump is no step
        reward = 1.0 if state == goal else 0.0
        values[state] = max(values[state], reward + discount * values[after])
    return values


print([round(one, 2) for one in hasty([3, 2, 1, 0, 1, 2, 3], 0, 8, 0.9)])
''')
exercise("11.4", "Find the error", "Code, 9 minutes, objective 1.",
 "The step *into* the goal brings the reward 1, and ends the run: there is nothing to be won from the goal itself. Find what is wrong in `hasty`, which is in the cell above, and write it anew. Two things are wrong: one line has an error, and one case is forgotten. Refuse jumps as it does.",
 ["Follow by hand what it does with the path `[1, 0]`, where 0 is the goal. Who gets the reward?", "Which step brings the reward: the one that begins in the goal, or the one that ends there? And what happens in a step that begins in the goal?", "The reward belongs to `after`. A step out of the goal must teach nothing, so that the goal's value stays 0."],
 'def q_values(path, goal, n, discount):\n    """Values of the n states of a ring, after a replay of this path."""\n    raise NotImplementedError\n\n\ncheck("11.4", q_values)')
exercise("11.5", "What does the dream lack?", "Explore the figure, 6 minutes, objective 3.",
 "Read the last column of the table of areas: the T-maze with place cells, in events of 30. The dream with both is well below states at random. Three things could be to blame: its `\"law\"`, since it is at some places more often than at others; its `\"order\"` within a dream; or its `\"clumps\"`, since the states of one dream lie close together, so that a learner hears for many steps of one corner only. Two of the controls decide. Which is to blame for most of the gap?",
 ["Which control keeps the law and the clumps, and takes the order away? Is it any better?", "Which control keeps the law, and takes both the order and the clumps away?", "*Shuffled* keeps each dream's states together. *One by one* does not. Compare both with the dream, and with states at random."],
 'to_blame = ...\n\ncheck("11.5", to_blame)')
exercise("11.6", "Design a supplier", "Code, 12 minutes, objective 4.",
 "Write a supplier that beats states at random by 0.1 of area or more, on the triangle and on the T-maze, wherever the reward lies. You get for each state the list of its `neighbours`, the `goal`, and the number of `steps`. Return a list of so many states. You see no values: you must know without them what the next state is.",
 ["By {eq}`eq-carried`, which order is the best on a way? And if there are several ways, as round a ring or behind a junction?", "Go outwards on all ways at once: first all states at the distance 1, then all at the distance 2.", "A list that grows while you walk along it, with the goal in front, gives this order: for each state append its neighbours that are not in the list yet. What do you name when the list is through?"],
 'def supplier(neighbours, goal, steps):\n    """States to back up, in their order."""\n    raise NotImplementedError\n\n\ncheck("11.6", supplier)')
