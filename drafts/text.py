md(r"""
# What is a dream good for?

An animal has run through a maze, and has found a reward, once. Then it sleeps. Nothing more is to be found out: it knows which step leads where, and where the reward lies. And yet it may not know what to do at the far end of the maze. The news must be carried there, place by place. Can a dream do that? Does a dream with momentum do it better? And is there anything that a dream does better than chance?

:::{admonition} In this chapter
:class: note
**You will be able to**

1. back up values by hand and in code, and say how far an order of states carries them;
2. say why order helps, and why a wave that never turns carries value one way only;
3. compare suppliers of states at an equal budget, and name the controls that a claim for dreams needs;
4. design a supplier that beats states at random, and say what it must know.

**Time:** reading 31 minutes, running 1 minute, exercises 43 minutes.

**You need:** the chapters on [adaptation](06_adaptation.ipynb) and on [momentum](07_momentum.ipynb), and how a [verdict](10_does_it_replicate.ipynb) is made.
:::

:::{admonition} Predict first
:class: tip
Write down what you expect. A learner learns from 1000 states that somebody names, one after the other.

1. Plain replay, a dream with strong adaptation, one with adaptation and momentum, states at random, and somebody who always names the state that changes most: which order do they come in on the triangle? Is it the same on the T-maze?
2. The same dream, shuffled in time: is it better or worse? And backwards?
3. Many short dreams of 30 steps, instead of one of 1000: who loses by it?
:::

## One reward, and then sleep
""")
code(install, ["remove-cell"])
md(r"""
Cut the maze into **bins** of about 15 cm. A bin is a *state* $s$; an *action* $a$ is a step to a neighbouring bin. The step into the bin of the reward brings $r = 1$ and ends the run. All else brings nothing, and what lies one step ahead is worth $\gamma = 0.95$ times what it is worth there. The **value** of an action is what it brings, now and later. A **backup** of a state looks one step ahead, through what the learner knows of the maze, and writes down what it sees:

$$
Q(s, a) \leftarrow \sum_{s'} p(s' \mid s, a) \Big[ r(s, a, s') + \gamma \max_{a'} Q(s', a') \Big] .
$$ (eq-backup)

Backed up again and again, in every state, this settles at the values of the best behaviour: that is *value iteration*. A sleeper makes one backup at a time, of the state that it dreams of {cite:p}`sutton1991dyna`. So a dream is a **supplier** of states, and a learner learns from it. A state counts as *learnt* where the learner knows of the reward, and holds none but the best actions for best.

### By hand

Three bins in a row lead to the reward: 3, 2, 1, and then the goal. All values are 0. Back up 3, then 2, then 1: state 3 sees 0, state 2 sees 0, state 1 sees the reward. One state is learnt. Now back up 1, then 2, then 3: state 1 gets 1, state 2 gets 0.95, state 3 gets 0.9025. All are learnt, by three backups of the same three states. **Order is everything.**

## Why order helps

Let a way lead outwards from the reward, with the states $w_1, w_2, \dots$ on it, and let there be no shorter way to any of them. A backup looks one step ahead. So $w_1$ is learnt when it is named for the first time, $w_2$ when it is named after that, and so on. If $x_1, \dots, x_t$ are the states that were named, what is learnt of the way is

$$
c_t = \max \{ d : (w_1, w_2, \dots, w_d) \text{ stand in this order among } x_1, \dots, x_t \} .
$$ (eq-carried)

*Proof, by induction.* Let $w_d$ be learnt, and not $w_{d+1}$. Naming any other state changes nothing on the way beyond $w_d$, since all that lies there sees only zeros. Naming $w_{d+1}$ shows it a neighbour that knows. $\square$

What stands between does not matter, and nothing is ever lost. So a supplier is good if it names *the next* state soon.

**Chance** names each of $n$ states with the same probability, in each step anew. Each step is the next one of the way with probability $1/n$. So after $t$ steps $c_t$ is a binomial number, cut off at the length $L$ of the way:

$$
\mathbb{E}\, c_t = \mathbb{E} \min(K, L), \qquad K \sim \mathrm{Bin}(t, 1/n) .
$$ (eq-carried-random)

A state takes $n$ steps of chance. This is slow, but it is as fast in every direction, and along all ways at once.

**A wave** runs at $u$ bins a step and never turns. On a ring of $n$ bins it starts at the reward. On one side it runs outwards, and every bin that it comes to is the next one. On the other side it comes from the far end. It names $w_L, \dots, w_2, w_1$, and only the last of them sees anything. A lap later it learns $w_2$, one bin before it comes back to $w_1$. From one success to the next it takes $n - 1$ bins:

$$
c_t^{\text{out}} = \min\big(\lfloor ut \rfloor, L\big), \qquad c_t^{\text{against}} = \min\Big(\Big\lfloor \frac{\lfloor ut \rfloor}{n-1} \Big\rfloor, L\Big) .
$$ (eq-carried-wave)

**One way it carries value by a bin with each bin that it runs, and the other way by a bin a lap.** After half a lap it has learnt half of the ring. Chance gains $2/n$ states a step, counting both sides; the wave, after its first half lap, $u/n$. They meet when $2t/n = n/2 + ut/n$, which is after $n^2/(4 - 2u)$ steps. A wave of one bin a step, the fastest that leaves no bin out, is done by then, and chance nearly so. **A slower wave is overtaken.**
""")
code(r"""
import numpy as np
import torch
from replaylib import figures, planning
from replaylib.world import t_maze, triangle

torch.set_num_threads(1)
ring, maze = planning.Bins.of_track(triangle()), planning.Bins.of_track(t_maze())
n, steps, pace = len(ring), 1500, 0.3
half = (n - 1) // 2
chance = 2 * planning.carried_at_random(n, half, steps)
wave = {}
for u in (1.0, pace):
    out = planning.carried_by_wave(n, half, steps, u)
    wave[u] = out + planning.carried_by_wave(n, half, steps, u, outwards=False)
""")
code(r"""
figures.curves(
    np.arange(1, steps + 1),
    {
        "states at random": chance / (2 * half),
        **{f"a wave, {u:g} bins a step": got / (2 * half) for u, got in wave.items()},
    },
    ("replay steps", "share of states learnt, exact"),
);
""", alt="Share of states learnt against replay steps on a ring. A wave of one bin a step reaches one half within a few steps, climbs in a staircase of small steps, and reaches one near 600 steps. A wave of 0.3 bins a step reaches one half as well, and then climbs so slowly that it is below three quarters after 1000 steps. States at random rise evenly, cross the slow wave near 400 steps, and reach nearly one by 800.")
code(r"""
# NBVAL_CHECK_OUTPUT
way = [1]
while len(way) < half:
    way.append(next(s for s in ring.neighbours[way[-1]] if s not in (0, *way)))
names = torch.randint(n, (2000, 600), generator=torch.Generator().manual_seed(0))
found = planning.carried(names.numpy(), way).mean(0)
law = planning.carried_at_random(n, half, 600)
print(f"the triangle has {n} bins, the T-maze {len(maze)}")
print("2000 random learners follow the law:", np.abs(found - law).max() < 0.2)
late = np.flatnonzero(wave[pace] > chance)[-1]
print(f"chance overtakes the slow wave after {late} steps", end=" ")
print(f"(n^2/(4 - 2u) is {n**2 / (4 - 2 * pace):.0f})")
print("and the fast one never:", np.all(chance <= wave[1.0] + 1e-9))
""", ["keep_output"])
md(r"""
Three things follow, and none of them is about the brain.

- A wave that *turns*, or dreams that begin anew at other places, carry value both ways. So a dream should run far enough to carry something, and not for ever the same way.
- At a **junction** a way branches. A wave carries value into the arm that it takes, and an arm that it never takes learns nothing. Chance takes no arm before another.
- The best of all orders names the next state every time: outwards from the reward, as **prioritised sweeping** does {cite:p}`moore1993prioritized`. It needs to know what has changed. A dream of our networks knows nothing of values or rewards. Whatever it is good for, it cannot be that.

## Who names the states?

Now let networks dream. Each of 64 learners has a reward in a bin of its own, and gets 1000 states. There are three currencies to count: *replay steps*, *backups*, and *wall time*. Here one step is one backup. In wall time a dream costs far more than chance, since a network must be computed; the spent seconds are in `Learnt.spent`.

These are the suppliers: **plain** replay; **adaptation** alone, and **both** mechanisms, each the fastest setting that the task tolerates ([chapter 10](10_does_it_replicate.ipynb)); states **at random**; prioritised **sweeping**. Two more are models of what the brain does, and are told of at the end: **gain and need**, and **memory**. And there are two controls. The dream with both **shuffled** in time names the same states in another order. Taken **one by one** from dreams of other learners, it has the law of the dream and no order at all, and does not depend on where one dream has been.
""")
code(r"""
from replaylib.dynamics import Dynamics
from replaylib.ledger import choosing
from replaylib.networks import pretrained, replay_noise
from replaylib.world import task


def supplies(name, event, worlds=64, steps=1000):
    # States for learners on one task, in events of this length.
    network, on = pretrained.load(name), task(name)
    bins, noise = planning.Bins.of_track(on.space), replay_noise(network)
    budget, found = planning.Budget(worlds, steps, event), {}
    fastest = {"adaptation": "fastest alone", "both": "fastest together"}
    chosen = {k: choosing.chosen(name)[v].dynamics(noise) for k, v in fastest.items()}
    for label, rule in {"plain": Dynamics(noise_std=noise), **chosen}.items():
        random = torch.Generator().manual_seed(0)
        start = planning.starting_states(network, on, budget, random)
        found[label] = planning.dreamt(network, start, bins, rule, budget, random)
    found["both, shuffled"] = planning.shuffled(found["both"], random)
    found["both, one by one"] = planning.independent(found["both"], random)
    found["at random"] = planning.uniform(bins, budget, random)
    return bins, found
""")
code(r"""
def learnt(name, event):
    # Share of states learnt after each step, mean over learners, by supplier.
    bins, found = supplies(name, event)
    budget, random = planning.Budget(64, 1000, event), torch.Generator().manual_seed(1)
    goal = torch.randint(len(bins), (64,), generator=random).numpy()
    rests = torch.randint(len(bins), (64, budget.events), generator=random).numpy()
    begin, world = rests.ravel(), planning.World.on_bins(bins, goal)
    found["memory"] = planning.memory_access(bins, begin, budget, generator=random)
    need = planning.successor_representation(bins)
    found["gain and need"] = planning.gain_and_need(world, need, rests, budget)
    found["sweeping"] = planning.prioritised_sweeping(world, 1000)
    return {who: planning.value_backups(world, r).share for who, r in found.items()}


tasks = ("triangle-cells", "t-maze-cells")
shares = {(name, event): learnt(name, event) for name in tasks for event in (1000, 30)}
""")
code(r"""
axes, rivals = figures.axes_grid(1, 2, 4.6, 3.4), ("memory", "gain and need")
for ax, name in zip(axes, tasks, strict=True):
    shown = shares[name, 1000].items()
    lines = {who: share.mean(0) for who, share in shown if who not in rivals}
    labels = ("replay steps", "share of states learnt")
    figures.curves(np.arange(1, 1001), lines, labels, ax)
    ax.set_title(f"{name}, one dream of 1000 steps", fontsize=9)
""", alt="Share of states learnt against replay steps by one network each, for the triangle and the T-maze with place cells. Sweeping is at one within 40 steps. On the triangle the dreams with adaptation and with both rise faster than states at random at first, and are overtaken. On the T-maze states at random lie above all dreams. Plain replay stays near zero in both.")
code(r"""
figures.interval_table(
    [f"{name}, events of {event}" for name, event in shares],
    {
        who: [f"{planning.area(found[who]):.2f}" for found in shares.values()]
        for who in shares["triangle-cells", 1000]
    },
)
""")
code(r"""
# NBVAL_CHECK_OUTPUT
areas = {
    key: {who: planning.area(share) for who, share in found.items()}
    for key, found in shares.items()
}
print("least:", *{min(area, key=area.get) for area in areas.values()})
rivals = ("memory", "gain and need", "sweeping")
above = [min(one[who] for who in rivals) - one["at random"] for one in areas.values()]
print("the three strongest are all above chance:", min(above) > 0.05)
for (name, event), area in areas.items():
    if name == "t-maze-cells":
        ahead = area["at random"] - max(area["adaptation"], area["both"])
        print(f"T-maze, events of {event}: chance leads the dreams:", ahead > 0.05)
short = areas["t-maze-cells", 30]
gap, closed = (short[one] - short["both"] for one in ("at random", "both, one by one"))
print("T-maze, events of 30, most of the gap is closed one by one:", closed > gap / 2)
early = {who: share[:, 199].mean() for who, share in shares[tasks[0], 1000].items()}
print("triangle, 200 steps, both before chance:", early["both"] > early["at random"])
""", ["keep_output"])
md(r"""
The table shows the **area** under the curve: the mean share of learnt states over the budget. Sweeping needs hardly more backups than there are states. Plain replay stays in the hollow where it begins, and teaches next to nothing. The dream with both is ahead of chance at first on the triangle and falls behind later, as a wave slower than a bin a step does by {eq}`eq-carried-wave`.

""")
exec(open('drafts/ledger_text.py').read())
md(r"""
## What predicts a good supplier?

Chance is good since each of its steps tells something new. A dream stays near where it was, so that its steps tell less. How much less? Let $\rho_k$ be the autocorrelation of the dreamt place over $k$ steps. The **integrated autocorrelation time** says how many steps of the dream are worth one independent draw {cite:p}`geyer1992practical`:

$$
\tau_{\text{int}} = 1 + 2 \sum_{k \ge 1} \rho_k ,
$$ (eq-effective)

and $1/\tau_{\text{int}}$ is the number of **effective samples** per step. It is what a statistician would ask of a sampler. It rewards leaving, and it knows nothing of order: states at random have 1, and sweeping little, though sweeping is best. So it can tell the slow dreams from the fast ones, and nothing beyond.
""")
code(r"""
bins, found = supplies("t-maze-cells", 1000)
effective = {who: planning.effective_samples(r, bins) for who, r in found.items()}
area = {who: planning.area(s) for who, s in shares["t-maze-cells", 1000].items()}
figures.interval_table(
    ["effective samples a step", "area"],
    {who: [f"{effective[who]:.3f}", f"{area[who]:.2f}"] for who in effective},
)
""")
md(r"""
## A map instead of values

A learner may learn where ways lead before it knows of any reward. The **successor representation** {cite:p}`dayan1993improving` holds for each pair of states how often the second will be visited, with what lies $k$ steps ahead counted $\gamma^k$ times. For an animal that steps at random, with the probabilities $P$,

$$
M = \sum_{k \ge 0} \gamma^k P^k = (I - \gamma P)^{-1} .
$$ (eq-successor)

It is learnt by temporal differences from *steps*, not from states: from where a dream was to where it went. So only a supplier with an order can teach it at all, or one that makes up its steps from a model of the maze, as our states at random do. A jump over more than one bin is no step that an animal could make. Such steps are refused, counted, and teach nothing.
""")
code(r"""
# NBVAL_CHECK_OUTPUT
known, spent = {}, {}
for who in ("plain", "both", "at random"):
    map_learnt = planning.learn_successors(bins, found[who], 0.95)
    known[who], spent[who] = map_learnt.correlation[:, -1].mean(), map_learnt.spent
print("both learn the map better than plain:", known["both"] > known["plain"])
print("made-up steps at random better still:", known["at random"] > known["both"])
refused = spent["both"].refused
print("refused jumps, less than one step in twenty:", refused < 1000 / 20)
""", ["keep_output"])
md(r"""
### An agent with a memory

The same question can be put to an agent that keeps its experiences in a memory, and trains a small network on what the memory gives back, as deep Q-learning does {cite:p}`lin1992self,mnih2015human`. Then a supplier decides what is remembered next. Here are eight such agents, with 1000 steps each.
""")
code(r"""
# NBVAL_CHECK_OUTPUT
from dataclasses import replace

few = 8
world = planning.World.on_bins(bins, np.arange(0, 24, 3))
in_the_end = {}
for who in ("plain", "both", "at random"):
    one = found[who]
    part = replace(one, state=one.state[:few], after=one.after[:few])
    random = torch.Generator().manual_seed(0)
    agent = planning.deep_q_learning(world, np.eye(len(bins)), part, random)
    in_the_end[who] = agent.share[:, -1].mean()
print("plain learns least:", in_the_end["plain"] == min(in_the_end.values()))
print("none is done after 1000 steps:", max(in_the_end.values()) < 0.9)
""", ["keep_output"])
md(r"""
Its steps are small, and each step of the gradient disturbs what was learnt elsewhere. It needs many more steps than a table does. That is why such agents draw their memories at random: it breaks the very order that our dreams keep.

## What this says of brains

- **A dream that knows of values would be better.** {cite:t}`mattar2018prioritized` let each replay be the one that is worth most: its *gain*, how much the choice improves, times its *need*, how soon the place will be visited. Right after a reward the gain leads, and replay runs backwards from the reward, outwards along the ways to it. That is the order of {eq}`eq-carried`, and reverse replay that grows with reward is found in rats {cite:p}`foster2006reverse,ambrose2016reverse`. In the table gain and need is as good as sweeping. Our networks cannot do it: nothing tells them of the reward.
- **One can do well without values.** {cite:t}`diekmann2023model` let replay be driven by how often a place was seen, how near it is, and by not coming back at once. That is a cousin of adaptation. In the table it stands as *memory*: it is above chance in each column, and it looks at no value.
- **A map for goals to come.** {cite:t}`sagiv2024prioritizing` let replay learn the ways to all goals that may come. For that, to cover the maze evenly is no fault.
- **Replay may serve another end.** {cite:t}`antonov2022optimism` show that a learner which forgets has reason to replay bad choices.

So the dreams of this book are no good planners, and need not be. They are what a network does that has learned to undo its noise. To be of use to a learner, they must be *told where to begin*, or be short and many, or be one of several suppliers.

## What this says of agents

In the architecture Dyna the choice of states to dream of is called *search control*. The simplest one draws at random, and it is hard to beat, as we found again. {cite:t}`pan2019hill` do something that comes close to this book: their agent climbs its own *value* with noise, which is a Langevin sampler, and backs up the states on its way. Our networks climb the log-density of where the animal has been. That is the difference: the same dynamics, on another hill. Whether momentum would help theirs was not tried here. Compare it with chance, and count all steps.

The mazes can be had as an environment of Gymnasium, for any agent:

```python
import gymnasium
import replaylib.planning.environment

environment = gymnasium.make("ReplayTrack-v0", track="t-maze", goal=3)
```

## Where it fails

- **Two small mazes, with one junction.** A grid of rooms has many ways to each state, and {eq}`eq-carried` holds for the shortest ones only.
- **A known maze.** The learner knows which step leads where. One that must learn this too has other needs, and to it a made-up step may be a lie.
- **Chance is given the list of all states.** A brain has no such list. To draw evenly from all places of a large world is a task of its own, and a network that dreams may be a way to do it. The controls *one by one* ask this: they are a dream's law without its order.
- **Bins.** Their length decides what is a step and what is a jump. A decoded dream cuts corners, so no bin lies on a corner.
- **Chosen for speed.** The settings are the fastest that a task tolerates. They were not chosen for learning, and others would do better or worse.
""")
exec(open("drafts/exercises_text.py").read())
md(r"""
## Think about it

1. A dream begins where the animal rests, at the reward. Why is this the best place to begin for a wave, and what would it cost to begin everywhere?
2. Somebody finds that replay with momentum learns faster than plain replay, and says that momentum helps planning. Which four controls would you ask for?
3. Draws from a dream's own law, one by one, are sometimes better than the dream. What does a brain need in order to draw them, and what does the dream need?

## Summary

- A backup looks one step ahead. So value is carried along a way just as far as its states stand in the supplier's list in their order, outwards from the reward.
- Chance carries value by one state in $n$ steps, in all directions. A wave carries it by a bin with each bin one way, and by a bin a lap the other way. If it is slower than a bin a step, chance overtakes it.
@SUMMARY@
- The best suppliers look at what was learnt. A dream of these networks cannot, and chance, which is given the list of all states, is the rival to beat.

## What to read

{cite:t}`mattar2018prioritized` for which memory to replay next; {cite:t}`diekmann2023model` for replay that looks at no value; {cite:t}`sagiv2024prioritizing` for goals to come; {cite:t}`sutton1991dyna` and {cite:t}`moore1993prioritized` for agents that plan; {cite:t}`watkins1992q` for learning from single steps; {cite:t}`pan2019hill` for search control by noisy climbing.
""".replace("@SUMMARY@", SUMMARY))
