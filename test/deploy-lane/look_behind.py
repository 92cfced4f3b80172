"""What stands behind a stage's API, as one line of JSON: `look_behind.py said|untaken|keys runplane-<stage>-`."""

import json
import sys

import boto3


def pages(client, operation, key, **arguments):
    return [item for page in boto3.client(client).get_paginator(operation).paginate(**arguments) for item in page[key]]


def said(prefix):
    """What each function has written, by its log."""
    logs = boto3.client('logs').get_paginator('filter_log_events')
    found = {}
    for function in pages('lambda', 'list_functions', 'Functions'):
        if function['FunctionName'].startswith(prefix):
            group = function['LoggingConfig']['LogGroup']
            written = logs.paginate(logGroupName=group)
            found[group] = [event['message'] for page in written for event in page['events']]
    return found


OURS = ('DocumentRun', 'ThreadRun')
ENDS = ('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED')


def status_changes(prefix):
    """Those of Step Functions that are about a run.

    https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
    """
    machines = pages('stepfunctions', 'list_state_machines', 'stateMachines')
    for name in OURS:
        ours = next(machine for machine in machines if machine['name'].startswith(f'{prefix}runs-{name}'))
        for status in ENDS:
            yield f'{status} of {name}', {'stateMachineArn': ours['stateMachineArn'], 'status': status}
    for status in ('RUNNING', *ENDS):
        process = {'stateMachineArn': 'arn:aws:states:eu-west-1:000000000000:stateMachine:any', 'status': status}
        included = {'input': '{"run_id":"b4fznghynbdemslfd5k044fgd"}', 'inputDetails': {'included': True}}
        yield f'{status} of a process', {**process, **included}
        yield f'{status} of a process with a long input', {**process, 'inputDetails': {'included': False}}


def untaken(prefix):
    """Which changes of status no rule takes that has a pattern, by those rules."""
    events = boto3.client('events')
    rules = [rule for rule in events.list_rules(NamePrefix=prefix)['Rules'] if 'EventPattern' in rule]
    found = []
    for what, detail in status_changes(prefix):
        event = {
            **{'id': '1', 'account': '000000000000', 'time': '2026-01-01T00:00:00Z', 'region': 'eu-west-1'},
            **{'source': 'aws.states', 'resources': [], 'detail-type': 'Step Functions Execution Status Change'},
            'detail': {'input': '{}', 'inputDetails': {'included': True}, **detail},
        }
        taken = [
            events.test_event_pattern(EventPattern=rule['EventPattern'], Event=json.dumps(event))['Result']
            for rule in rules
        ]
        if not any(taken):
            found.append(what)
    return {'rules': [rule['Name'] for rule in rules], 'untaken': found}


def keys(prefix):
    """The keys of tables and of their indexes."""
    tables = boto3.client('dynamodb')
    names = [name for name in tables.list_tables()['TableNames'] if name.startswith(prefix)]
    described = [tables.describe_table(TableName=name)['Table'] for name in names]
    return {
        table['TableName']: {
            part.get('IndexName', ''): {key['KeyType']: key['AttributeName'] for key in part['KeySchema']}
            for part in [{'KeySchema': table['KeySchema']}, *table.get('GlobalSecondaryIndexes', [])]
        }
        for table in described
    }


print(json.dumps({'said': said, 'untaken': untaken, 'keys': keys}[sys.argv[1]](sys.argv[2])))
