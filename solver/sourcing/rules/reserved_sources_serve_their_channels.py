"""Sources that are set aside for certain channels ship for them alone."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import WordsSetting
from solver.sourcing.tagging import pairs_of, refused

RESERVED = WordsSetting(
    name="channel_sources",
    meaning='"tmall|bonded": sources tagged bonded serve the channel tmall only, and every other channel that a '
    "further pair names for the tag; a single word: channel and tag are the same",
)


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    channel = facts.problem.channel
    pairs = [(one, tag or one) for one, tag in pairs_of(RESERVED.of(policy))]
    reserved = {tag for _, tag in pairs} - {tag for one, tag in pairs if one == channel}
    if not reserved:
        return None
    closed = refused([offer.tags for offer in facts.offers], (), reserved)
    return Restriction(closed_lanes=closed[facts.lane_offer])


def _broken(finished: Finished) -> Iterator[str]:
    channels_of: dict[str, set[str]] = {}
    for channel, tag in pairs_of(RESERVED.of(finished.policy)):
        channels_of.setdefault(tag or channel, set()).add(channel)
    for parcel in finished.parcels:
        for tag in parcel.offer.tags:
            if tag in channels_of and finished.problem.channel not in channels_of[tag]:
                yield f"{parcel.source_id} is {tag}, reserved for {', '.join(sorted(channels_of[tag]))}"


RULE = Rule(
    name="reserved_sources_serve_their_channels",
    meaning="sources with a tag in channel_sources ship only orders of the channels that it names",
    chinese="渠道专属源",
    words=(RESERVED,),
    asked_by=(RESERVED,),
    restrict=_restrict,
    broken=_broken,
    may_be_soft=True,
)
