"""Benchmarks: what tagseal claims about speed and memory, measured beside a peer or a floor.

    python -m benchmarks --inputs FOLDER      # prepare what is missing, measure, write
    python -m benchmarks --inputs FOLDER --only sdist
    python -m benchmarks --help

A figure of one machine at one time says nothing, so nothing here is a figure alone. A *group* is a
list of commands that are run in turn, A B C A B C …, after one turn that is not counted; each turn
gives one ratio of tagseal's command to the command that it is held against, and the page shows the
median of these ratios with the smallest and the largest. Every command is a whole process, so
starting Python and importing everything is in the figure. What is measured is what the operating
system itself accounts for the process and its children (``os.wait4``): wall time, processor time,
and the largest resident set of any one process among them.

A *claim* is one row of the page: what is held against what, the bar, and whether it was met. A bar
that was missed is written down as that. No test asserts a time: tests hold only the arithmetic.

Inputs are real and made by public commands alone; `benchmarks.inputs` has them. They take some
20 GB and, the first time, most of an hour.
"""
