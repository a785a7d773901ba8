"""The sections of the page of figures about what waves save, other solvers, and growth."""

from benchmarks.section import Section

ON_WAVES = (
    Section(
        title="What waves save, by stock and slack",
        arguments="benchmarks.waves --severities --seeds 1",
        short="benchmarks.waves --severities --seeds 1 --most-orders 100",
        text="""
1,000 orders x 100 sources x 2,000 SKUs, 5 s each, one instance of each severity (`--seeds 3` takes medians of three):
stock by demand, and how much more than was reckoned sources and carriers can take (*none*: no such limit). *One by
one* and *nearest first* as above; *saved*: by the wave, of what these cost. The looser the stock, the less there is
to save.
""",
    ),
    Section(
        title="Waves by other solvers",
        arguments="benchmarks.waves --rivals 10 --most-orders 1000",
        short="benchmarks.waves --rivals 2 --most-orders 30",
        text="""
The whole model of one tight instance of each size, given to this engine and through OR-Tools to HiGHS, SCIP and
CP-SAT, 10 s of the clock each; CP-SAT on two threads. *Above the best bound*: what the plans cost, against the best
bound that any of the four has proven; *gap it proves*: against its own. Making the model is not counted. 5,000 orders:
`--rivals 60`.
""",
    ),
    Section(
        title="How waves grow",
        arguments="benchmarks.waves --growth docs/images/waves-growth.svg",
        short="benchmarks.waves --growth /dev/null --most-orders 100",
        text="""
One tight instance of each size, 20 orders a source and two a SKU; 3 ms an order and a second are allowed. *Peak*: of
the whole process. The plot has both axes in decades.

![time and memory of waves by number of orders](images/waves-growth.svg)
""",
    ),
)
