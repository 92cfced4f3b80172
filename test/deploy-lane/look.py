"""What is in the emulated account, as one line of JSON: `look.py apis|kept|complaints|dead-letters <prefix>`."""

import json
import sys

import boto3


def pages(client, operation, key, **arguments):
    return [item for page in boto3.client(client).get_paginator(operation).paginate(**arguments) for item in page[key]]


def apis(prefix):
    found = boto3.client('apigateway').get_rest_apis()['items']
    return {api['name']: api['id'] for api in found}


def kept(prefix):
    roles = [role['RoleName'] for role in pages('iam', 'list_roles', 'Roles')]
    buckets = [bucket['Name'] for bucket in boto3.client('s3').list_buckets()['Buckets']]
    return {
        'tables': len(boto3.client('dynamodb').list_tables()['TableNames']),
        'buckets': sum(name.startswith(prefix) for name in buckets),
        'roles': sum(name.startswith(prefix) for name in roles),
        'functions': len(pages('lambda', 'list_functions', 'Functions')),
        'apis': len(boto3.client('apigateway').get_rest_apis()['items']),
        'logGroups': len(pages('logs', 'describe_log_groups', 'logGroups')),
    }


def complaints(prefix):
    """Lines of functions' logs that tell of an error, or of a right that was missing."""
    logs = boto3.client('logs')
    found = []
    for group in pages('logs', 'describe_log_groups', 'logGroups'):
        name = group['logGroupName']
        for page in logs.get_paginator('filter_log_events').paginate(logGroupName=name):
            for event in page['events']:
                if '"level":"ERROR"' in event['message'] or 'AccessDenied' in event['message']:
                    found.append(f"{name}: {event['message'][:500]}")
    return found


def dead_letters(prefix):
    queues = boto3.client('sqs')
    names = ['ApproximateNumberOfMessages']
    found = {}
    for url in queues.list_queues(QueueNamePrefix=prefix).get('QueueUrls', []):
        attributes = queues.get_queue_attributes(QueueUrl=url, AttributeNames=names)['Attributes']
        found[url.rsplit('/', 1)[1]] = int(attributes[names[0]])
    return found


VERBS = {'apis': apis, 'kept': kept, 'complaints': complaints, 'dead-letters': dead_letters}
print(json.dumps(VERBS[sys.argv[1]](sys.argv[2])))
