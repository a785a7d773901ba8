"""The sections of the page of figures: what each asks, the command that answers it, and how to read the answer."""

from benchmarks.section import Section
from benchmarks.sections_of_waves import ON_WAVES

SECTIONS = (
    Section(
        title="The decision of one order",
        arguments="benchmarks.exact --orders 300 --wave 20000",
        short="benchmarks.exact --orders 5 --wave 500",
        text="""
Orders of so many lines, one to three units each, on so many sources times three carriers; each source stocks 30 % of
the SKUs. *Call* is the whole of `Snapshot.decide`, from the order to the decision, on a snapshot of all stock; *code*
is the compiled part of it alone. *MIP / call*: the mean time of the reference program (on a Problem that is made
already, and without the rules of thumb that `decide(engine=MIP)` tries first) by the mean time of the call,
on the same orders in the same run, as many as 4 s of the program allow, three at least; the goal is 100 at every size.
*Elsewhere*: orders that the arrays do not decide. The first five answers of each size are compared with the ordinary
path, to the cent, before any time is taken. Times are the processor's; each goal is that of the column before it.
""",
    ),
    Section(
        title="Memory",
        arguments="benchmarks.exact --memory",
        short="benchmarks.exact --memory",
        text="""
The most memory that a process takes which makes a snapshot and decides an order on it.
""",
        counts=True,
    ),
    Section(
        title="Both engines on the same arrays",
        arguments="benchmarks.engines",
        short="benchmarks.engines --seeds 1",
        text="""
The exact search and the reference program, given the same `Case` in one run, one order after the other: median (least
to most). Both prove the same cost on every order that is timed. *Arrays* is what makes the case from a Problem, for
either. *MIP unproven*: the exact search proves the order and the program does not within 20 s. The bundled network has
266 sources.
""",
    ),
    Section(
        title="The service over loopback",
        arguments="benchmarks.service",
        short="benchmarks.service --rounds 1",
        text="""
The bundled network (266 sources) and its 120 orders, planned, explained in brief and held on the embedded database,
with a durable write each; every draft was seen to be proven, and what it leaves to be explained, before. *p50*, *p99*,
*slowest*: single calls one by one, each order three times; *answers a second*: from four threads, and how many of
their calls were past the client's deadline of 10 s. The second row leaves out the order that takes longest. *Empty*:
the health check of the same server, called in turn with the plans. Server and clients share the machine.
""",
    ),
    Section(
        title="The service under load",
        arguments="benchmarks.under_load",
        short="benchmarks.under_load --short",
        text="""
Callers are processes of their own on the same machine, every answer is held against what the order gets alone, and the
books are audited at the end. *The empty method* is `grpc.health.v1` Check on the same server, by the same callers, in
the same run: compare the ratios. *Ten times the load*: a server that is asked for ten times what it can do, by callers
who try again at once or who do not wait at all. *One server process and two* share a PostgreSQL and a port; where the
cores are busy the rates say little, and a plan's processor time says more. *Hot*: twice as many orders of one unit as
there are units; what was sold is counted in answers and in the stock.
""",
    ),
    Section(
        title="Holds in one process",
        arguments="benchmarks.stock",
        short="benchmarks.stock --holds 60",
        text="""
Holds on both stores by callers in one process, each durable before it is answered (the log is forced to disk). The goal
is 2,000 single holds and 20,000 lines in batches a second on SQLite, 15,000 lines on PostgreSQL, or ten times one
transaction for each hold, which is the *ratio*. What is held is compared with what was asked, and the books audited.
""",
    ),
    Section(
        title="Holds over gRPC",
        arguments="benchmarks.stock_service",
        short="benchmarks.stock_service --holds 60",
        text="""
The same on SQLite through the service over loopback; server and callers share the machine, so that the empty method is
the most that single calls could reach. Holds that are confirmed or released were placed just before, untimed. After
each run what the stock says is held is what was answered.
""",
    ),
    Section(
        title="Holds over gRPC on PostgreSQL",
        arguments="benchmarks.stock_service --postgres --holds 3000",
        short="benchmarks.stock_service --postgres --holds 60",
        text="""
The same on a PostgreSQL that is started for this and forces its log to disk: it shares the two cores with the server
and the callers.
""",
    ),
    Section(
        title="Holds over gRPC through two servers on one PostgreSQL",
        arguments="benchmarks.stock_service --postgres --servers 2 --holds 3000",
        short="benchmarks.stock_service --postgres --servers 2 --holds 60",
        text="""
The callers ask two server processes in turn. One transaction writes at a time, whichever process it comes from, so that
a second server on the same two cores is there for safety and not for speed.
""",
    ),
    Section(
        title="From a movement to the feed",
        arguments="benchmarks.feed",
        short="benchmarks.feed --seconds 1 --skus 300",
        text="""
100 sites, 50 channels and 10,000 SKUs, of which a site stocks 3 % and a shop lists 20 %, in one process. How long
after its commit a movement is told to a watcher of every shop, at a steady pace; how fast writers are at their fastest,
beside the feed and without it; and how long it takes to publish everything, or to see that nothing changed, as at every
start. The *view* is the one that follows stock for decisions. At the end the watcher has what the shops show, and the
view what the books have. More, by size and by load: [feed.md](feed.md).
""",
    ),
    Section(
        title="Real orders against rules of thumb",
        arguments="benchmarks.real_sets",
        short="benchmarks.real_sets --percent 5",
        text="""
Under the policy of the imported scenario (money alone), every order is answered by `solve`, by greedy and by nearest
source first, on the same stock, which the plan of `solve` then takes; the judge checks all three. Costs are compared
on the orders of which all three ship the same number of units. The time is the whole of `solve`, from a Problem to the
plan with its runner-up and reasons. The Chinese quantities look masked (a line asks for hundreds of units): / 400
makes them those of a shop. How the sets are made: [importers.md](importers.md).
""",
        asks_real_data=True,
    ),
    Section(
        title="Side by side",
        arguments="benchmarks.side_by_side",
        short="benchmarks.side_by_side --percent 3",
        text="""
The same orders by the product and by what a user would pick instead: rules, the enumeration of fewest splits with its
published cap, and a model for each solver as one would first write it ([performance.md](performance.md#side-by-side)).
Every order is answered on the same stock, which the product's plan then takes; the independent judge prices every plan.
Costs are compared on the orders of which both fill the same number of units. Product and models have 2 s of an order;
of the largest size models are asked four orders only. *Gap it states*: of the plans' cost, to what the method itself
says that nothing costs less than. The time is that of the decision alone; "not proven" is by the method's own bound.
""",
        asks_real_data=True,
    ),
    Section(
        title="Random orders within the structure",
        arguments="benchmarks.exact --orders 0 --wave 0 --random 100000",
        short="benchmarks.exact --orders 0 --wave 0 --random 400",
        text="""
Orders of 1 to 10 lines, one to three units each, on networks of 100, 300, 1,000 and 1,000 sources that stock 30, 6, 30
and 3 % of the SKUs. *Elsewhere*: orders that become a Problem, or are handed to the program; the goal is none. Only
who decides is counted here.
""",
        counts=True,
    ),
    Section(
        title="Real orders that are handed over to the program",
        arguments="benchmarks.handover sets",
        short="benchmarks.handover sets --percent 10",
        text="""
Handed over / asked, under every shipped policy, the same orders of a set under each; the goal is below 1 % of real
orders. Chinese / 400 has the quantities of a shop; the smaller the divisor, the more units a line asks for, up to
thousands of each (/ 1). `too_many_states`: the
quantities make more combinations than the search may hold; `levels_overflow`: strict priorities do not fit into one
number; `search_budget`: packages that compete for the same stock or limits, and branch and bound did not end in time;
`level_tolerance`: a priority may be missed by so much, and several packages share what it allows. A policy allows 2 s
for an order; where the slowest took longer, that limit was not kept. Every plan is checked by the judge; the last
table counts those that are worse, in their policy's own objective, than a rule of thumb that obeys the same rules:
none should be.
Stock here is that of the whole set; where fewer orders are imported it is scarcer, see the next section.
""",
        counts=True,
        asks_real_data=True,
    ),
    Section(
        title="Real orders of raw quantities on scarce stock",
        arguments="benchmarks.handover scarce",
        short="benchmarks.handover scarce --percent 20",
        text="""
Ten orders each of imports of 10, 30 and 100 Chinese orders with raw quantities. Stock is made for what is imported, in
shares of 10 to 50 %, so of few orders no source has enough: a thousand units are gathered from many sources, of which a
plan may use five, and often the order cannot be filled. The 2 s of an order are wall time: with other work beside it,
less is searched and more is handed over. Columns, reasons and the last table as above.
""",
        counts=True,
        asks_real_data=True,
    ),
    Section(
        title="Wide and large baskets that are handed over",
        arguments="benchmarks.handover baskets",
        short="benchmarks.handover baskets --percent 20",
        text="""
A British shop's orders of 2010 and 2011 by their number of lines, under three policies: as ordered (a wholesaler's:
half of the lines ask for 3 units or more, a tenth for 20 or more), and the same products one unit each. More than half
of the baskets have over 12 lines. Towns of delivery, 40 sources, stock, weights and tariffs are drawn
(`benchmarks/baskets.py`). These are above the goal of 1 %: the exact search is made for a shop's orders of up to about
a dozen lines, and the program answers the others, not always with proof in 2 s. Reasons and the last table as above.
""",
        counts=True,
        asks_real_data=True,
    ),
    Section(
        title="Against brute force",
        arguments="benchmarks.oracle --orders 1000 --seed 100000",
        short="benchmarks.oracle --orders 20 --seed 100000",
        text="""
Random orders over every term, every rule and every shape of tariff, tiny to large, answered by the exact engine, the
program and four rules of thumb. Where an order is small enough, all plans there are have been tried. The goal is that
no answer differs and none is unproven.
""",
        counts=True,
    ),
    Section(
        title="A wave in parts, on one process and on two",
        arguments="benchmarks.wave_parts",
        short="benchmarks.wave_parts --orders 40 --sources 6 --skus 60",
        text="""
1,000 orders x 100 sources x 2,000 SKUs, tight as in [waves.md](waves.md), decided whole and in parts with the same
work: 200 passes, 300 moves for each order, no mixed-integer programs. *Cost to the whole's*: what the plans cost by
what they cost decided whole. *Gap*: to the bound of the undivided wave. What the split cost at most, before orders
looked at what other parts left, and what that recovered, in per cent of the total. *Same plans*: number by number on
one process and on several. Every answer is counted anew. Whoever decides a wave whole has both processors for most of
the work already; two processes share them too.
""",
    ),
    Section(
        title="Waves",
        arguments="benchmarks.waves --seeds 3 --most-orders 5000",
        short="benchmarks.waves --seeds 1 --most-orders 1000",
        text="""
Orders that compete, decided together: tight instances (docs/waves.md), stock 1.1 times the demand, capacities of
sources and carriers with 15 % slack; medians over seeds. *Gap*: by how much at most the plans are dearer than the best,
against a bound that its prices prove. *One by one*: each order at its best on the stock that the earlier ones left (its
packages beyond capacities are paid); *nearest first*: all that the nearest source has, then the next; both against the
wave. Each run is a process of its own, whose *peak* has the interpreter, the orders and the snapshot in it. Rules, cost
and bound of every answer are counted anew before its figures are printed.
""",
    ),
    Section(
        title="Large waves",
        arguments="benchmarks.waves --seeds 1 --least-orders 20000",
        short="benchmarks.waves --seeds 1 --least-orders 1000 --most-orders 1000",
        text="""
The same at 20,000 orders, one instance: the goals are 0.75 % in 120 s within 1 GB, and 2.5 % in 20 s.
""",
    ),
    *ON_WAVES,
    Section(
        title="Waves of the literature",
        arguments="benchmarks.literature --summary --processor --seconds 10",
        short="benchmarks.literature --summary --only gap/c0515_1 --seconds 2",
        text="""
Published instances of single-source capacitated facility location (OR-Library, Yang) and of generalised assignment
(types a to e), by way of the public problem format and the judge of waves; 10 s of the busiest thread's processor are
allowed for each, laying out included, checking not; what is proven ends before. The known optimum is the published one,
rounded as published; for generalised assignment the upper of the published bounds. *At the optimum*: to the rounding of
the lists. The goal is a gap of at most 0.5 % on each instance, and no bound above the optimum by more than 0.01, which
would be a fault. *Worst bound gap*: how far the stated bound lies below the known optimum. Instance by instance:
`python -m benchmarks.literature`.
""",
        asks_real_data=True,
    ),
    Section(
        title="Orders of a wave that do not compete",
        arguments="benchmarks.waves --independent",
        short="benchmarks.waves --independent",
        text="""
Every order finds all that it wants, so that its own best plan is the wave's, which is proven.
""",
    ),
    Section(
        title="A scenario replayed",
        arguments="benchmarks.replays",
        short="benchmarks.replays --orders 500",
        text="""
A hundred thousand drawn orders over a week on 500 sources that stock a fifth of 1,000 SKUs each, decided one after the
other, held and confirmed in the journal (which is not forced to disk). The goal is 3,000 orders a second of one
processor. Afterwards the books are audited, and compared place by place with what the decisions counted down.
""",
    ),
    Section(
        title="A report in the browser",
        arguments="benchmarks.reports",
        short="benchmarks.reports --orders 500 --sources 30 --skus 60 --regions 20",
        text="""
The same hundred thousand orders, bound for 340 regions, replayed under one policy and under two; the page of these runs
is opened in Chromium without a network. *Ready*: from opening the file until everything on it answers; the goals are
15 MB and 3 s for one run. Then what each step of a reader takes, until the next frame is drawn.
""",
    ),
    Section(
        title="Combinations exploded",
        arguments="benchmarks.combinations",
        short="benchmarks.combinations --orders 200",
        text="""
Orders of one to five lines, up to three units each, in the batch form: combinations are compiled once, then every order
is checked, priced, decided by the stock seen, drawn and exploded. The goal is for nested combinations. Times are the
processor's.
""",
    ),
    Section(
        title="Combinations against a slow recomputation",
        arguments="benchmarks.combinations --exact 3000",
        short="benchmarks.combinations --exact 300",
        text="""
Random orders of random combinations that nest up to four deep, over every primitive, price rule and offer, with little
stock and gifts given before. `benchmarks/combination_oracle.py` and `combination_slow.py` recompute each unit by unit,
with money in fractions, and share no code with the engine. Units, days, groups, prices, reductions, gifts with their
reasons, old goods and draws must all be the same. The goal is that nothing differs. What nests
beyond the limits is refused by both. Of the 100,000 of `--exact 100000` (eight minutes) none differs.
""",
        counts=True,
    ),
    Section(
        title="A British shop's invoices in bundles",
        arguments="benchmarks.combinations --invoices",
        short="benchmarks.combinations --invoices",
        text="""
The invoices of 2010 and 2011 with their real codes, quantities and prices, laid out in made-up packs of six, crates of
two packs (which nest), pairs of what is bought together most, money off in tiers, and samples by chance. Each must
explode to the very units that were sold.
""",
        asks_real_data=True,
    ),
    Section(
        title="Orders shared out by contracts",
        arguments="benchmarks.sharing --orders 100000",
        short="benchmarks.sharing --orders 300",
        text="""
Random contracts of platforms, dealers and stores, and carriers: every base, tiers over lines, orders and periods, three
ways of rounding by line and by order, most in two versions. A seventh of the orders has refunds and is compared after
each. `benchmarks/sharing_slow.py` recomputes all of it from the documents as plain data, party by party, in fractions,
and shares no code with the product. The goal is that no cent differs. The speed is the product's alone.
""",
        counts=True,
    ),
    Section(
        title="Books of ten million postings",
        arguments="benchmarks.ledger --postings 10000000",
        short="benchmarks.ledger --postings 2000 --rebuild",
        text="""
Events of four legal entities in three currencies, posted by the rules into a database on disk, a thousand to a
transaction; a posting is a line of a voucher. *Verified*: every balance is rebuilt from the lines and compared,
sums are held against zero in each currency of each entity, and the digest of the canonical text is reckoned.
""",
    ),
    Section(
        title="Statements matched with what was booked",
        arguments="benchmarks.reconciliation --rows 100000 --held-out --seed 84047930",
        short="benchmarks.reconciliation --rows 1000 --held-out",
        text="""
Real payments (Olist's, and the rows of real statements), corrupted by `benchmarks/corruption.py`, which imports
nothing of the product: a mix and a seed that nobody looked at while the matcher was made
([reconciliation.md](reconciliation.md)). A link is one record of ours with one of theirs. *Posted*: without a
person; *offered*: among at most ten candidates that a person is shown; *found*: either. The goals are 99.8 % found,
no wrong link posted, and 100,000 rows a side within a minute.
""",
        asks_real_data=True,
    ),
    Section(
        title="A thousand items published to 250 shops",
        arguments="benchmarks.publishing",
        short="benchmarks.publishing --items 20 --shops 3 --stores 5",
        text="""
New items to 50 shops of one platform (20 listings a call) and 200 stores of another (50 a call). Each platform takes
50 calls a second in all and 5 of a shop, answers after 50 ms, loses one answer in 200 and fails one call in 200. *As
fast as the platforms allow*: the least time that their limits leave, by the time taken. *Made*: a listing filled and
held to the channel's rules. At the end, also after the kill, what customers see is compared with what was wanted:
every item once.
""",
    ),
)
