"""Whether a service serves, as balancers ask it."""

import grpc
from grpc_health.v1 import health_pb2

from solver.client.channel import open_channel
from solver.client.errors import call_failed
from solver.client.security import ClientSecurity

_CHECK = "/grpc.health.v1.Health/Check"


def health(target: str, security: ClientSecurity | None = None, *, timeout_seconds: float = 5.0) -> str:
    """SERVING, NOT_SERVING or the like. Raises CallFailed where nothing answers."""
    request = health_pb2.HealthCheckRequest()
    with open_channel(target, security) as channel:
        check = channel.unary_unary(
            _CHECK,
            request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
            response_deserializer=health_pb2.HealthCheckResponse.FromString,
        )
        try:
            answer = check(request, timeout=timeout_seconds)
        except grpc.RpcError as error:
            raise call_failed(error) from error
    return str(health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status))
