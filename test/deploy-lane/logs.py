"""Logs of functions as Lambda writes them: whole, and only where the function's role lets it. MiniStack does neither."""

import queue
import time

import ministack.core.iam_evaluator as evaluator
import ministack.core.lambda_runtime as runtime
import ministack.services.lambda_svc as functions
from ministack.core.responses import get_account_id, get_region

# What a process says when it has answered, and how many seconds it is waited for.
END = '\x01end of the call'
PATIENCE = 5


def drain(worker, **_):
    """Lines that a process wrote before it answered: none may be left to the next call, or to nobody."""
    lines = []
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            line = worker._stderr_queue.get(timeout=0.05)
        except queue.Empty:
            if not worker._stderr_thread.is_alive():
                break
            continue
        if line == END:
            break
        lines.append(line)
    return '\n'.join(lines)


runtime.Worker._drain_stderr_bounded = drain

# A function whose role may not write its log has none.
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
_emit = functions._emit_lambda_logs


def emit(function, *others, **named):
    config = function.get('config') or function
    account, role = get_account_id(), config['Role'].rsplit('/', 1)[-1]
    group = (config.get('LoggingConfig') or {}).get('LogGroup') or f"/aws/lambda/{config['FunctionName']}"
    asked = evaluator.EvalContext(
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{role}/{config['FunctionName']}",
        principal_type='AssumedRole',
        principal_account=account,
        action='logs:PutLogEvents',
        resource_arn=f'arn:aws:logs:{get_region()}:{account}:log-group:{group}:log-stream:any',
        region=get_region(),
    )
    if evaluator.evaluate(asked, evaluator._gather_role_policies(role, account)).decision == 'Allow':
        _emit(function, *others, **named)


functions._emit_lambda_logs = emit
