"""The ids of new plans. They begin with the time: what is written of plans that are made together lies together.

Tables and indexes have plans by their ids: ids in no sequence would touch another page of each for every plan.
"""

import hashlib
from datetime import datetime

from solver.clock import to_micros
from solver.storage.once import Request

_DIGEST_LETTERS = 20
_MICROS_PER_MILLI = 1_000


def plan_id_of(request: Request, order_id: str = "", *, at: datetime) -> str:
    """The id of the plan that a request makes at a time, or makes for one of its orders.

    A request that is repeated at another time would make another; but the first is kept with its answer.
    """
    name = f"{request.request_id}\n{order_id}" if order_id else request.request_id
    digest = hashlib.sha256(name.encode()).hexdigest()
    return f"plan-{to_micros(at) // _MICROS_PER_MILLI:012x}{digest[:_DIGEST_LETTERS]}"
