"""To which order and channel units belong that left for a customer or came back from one."""

from solver.fulfilment import records
from solver.fulfilment.questions import Questions
from solver.stock.physical.papers import Papers
from solver.stock.physical.return_model import CustomerReturn
from solver.storage.database import Reader

_returns = Papers(kind="return", noun=CustomerReturn)


def ordered_by(reader: Reader, questions: Questions, subject: str) -> tuple[str, str]:
    """Order and channel of the plan that a hold's subject names (`P1`, or `P1/2` once it was changed); empty: none."""
    plan_id, _, number = subject.rpartition("/")
    plan_id = plan_id if number.isdecimal() and plan_id else subject
    record = records.find(reader, plan_id)
    if record is None:
        return "", ""
    asked = questions.asked(reader, plan_id)
    return record.plan.order_id, "" if asked is None else asked[0].channel


def returned_from(reader: Reader, questions: Questions, return_id: str) -> tuple[str, str]:
    """Order and channel that a return says it is of; empty where it says none."""
    order_id = _returns.find(reader, return_id).order_id
    for plan_id in sorted(records.plan_ids_of(reader, order_id)) if order_id else ():
        asked = questions.asked(reader, plan_id)
        if asked is not None:
            return order_id, asked[0].channel
    return order_id, ""
