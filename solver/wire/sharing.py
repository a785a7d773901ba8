"""Contracts and sharings on the wire."""

from solver.gen.xunyuan.ledger.v1 import contracts_pb2
from solver.ledger.contracts.document import parse
from solver.ledger.contracts.model import Contract
from solver.ledger.contracts.sentences import in_chinese, in_english
from solver.ledger.contracts.sharing import Share, Sharing, Step
from solver.wire.codec import fill_proto, to_proto
from solver.wire.nouns import noun_of


def contract_to_proto(contract: Contract) -> contracts_pb2.ContractDocument:
    """What the service answers."""
    return to_proto(contract, contracts_pb2.ContractDocument)


def contract_from_proto(message: contracts_pb2.ContractDocument) -> Contract:
    """What a client reads: all that the document says. Raises InvalidRequest where this release cannot read it."""
    return parse(message.text, f"{message.contract_id} v{message.version}")


def sharing_to_proto(sharing: Sharing) -> contracts_pb2.Sharing:
    """What the service answers: each step with its sentences."""
    message = contracts_pb2.Sharing()
    for share in sharing.shares:
        fill_proto(share, message.shares.add())
    for step in sharing.steps:
        told = message.steps.add()
        fill_proto(step, told)
        told.why, told.why_zh = in_english(step, sharing.currency), in_chinese(step, sharing.currency)
    message.order_id, message.currency = sharing.order_id, sharing.currency
    message.paid_minor = sharing.paid_minor
    return message


def sharing_from_proto(message: contracts_pb2.Sharing) -> Sharing:
    """What a client reads."""
    return Sharing(
        order_id=message.order_id,
        currency=message.currency,
        paid_minor=message.paid_minor,
        shares=tuple(noun_of(one, Share) for one in message.shares),
        steps=tuple(noun_of(one, Step) for one in message.steps),
    )
