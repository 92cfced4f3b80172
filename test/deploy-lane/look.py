"""What is in the emulated account, as one line of JSON: `look.py <what> <arguments>`."""

import json
import secrets
import sys

import boto3


def pages(client, operation, key, **arguments):
    return [item for page in boto3.client(client).get_paginator(operation).paginate(**arguments) for item in page[key]]


def is_up():
    return boto3.client('sts').get_caller_identity()['Account']


def named(of):
    """The names of what there is of a kind, of every stage."""
    return {
        'tables': lambda: boto3.client('dynamodb').list_tables()['TableNames'],
        'buckets': lambda: [bucket['Name'] for bucket in boto3.client('s3').list_buckets()['Buckets']],
        'roles': lambda: [role['RoleName'] for role in pages('iam', 'list_roles', 'Roles')],
        'functions': lambda: [function['FunctionName'] for function in pages('lambda', 'list_functions', 'Functions')],
        'apis': lambda: [api['name'] for api in boto3.client('apigateway').get_rest_apis()['items']],
        'logGroups': lambda: [group['logGroupName'] for group in pages('logs', 'describe_log_groups', 'logGroups')],
        'machines': lambda: [machine['name'] for machine in pages('stepfunctions', 'list_state_machines', 'stateMachines')],
        'queues': lambda: [url.rsplit('/', 1)[1] for url in boto3.client('sqs').list_queues().get('QueueUrls', [])],
        'rules': lambda: [rule['Name'] for rule in boto3.client('events').list_rules()['Rules']],
        'topics': lambda: [topic['TopicArn'].rsplit(':', 1)[1] for topic in pages('sns', 'list_topics', 'Topics')],
        'alarms': lambda: [alarm['AlarmName'] for alarm in pages('cloudwatch', 'describe_alarms', 'MetricAlarms')],
        'webAcls': lambda: [acl['Name'] for acl in boto3.client('wafv2').list_web_acls(Scope='REGIONAL')['WebACLs']],
        'userPools': lambda: [pool['Name'] for pool in pages('cognito-idp', 'list_user_pools', 'UserPools', MaxResults=10)],
    }[of]()


KINDS = (
    *('tables', 'buckets', 'roles', 'functions', 'apis', 'logGroups', 'machines', 'queues', 'rules', 'topics', 'alarms'),
    *('webAcls', 'userPools'),
)


def stands(prefix):
    """How many of each kind there are of a stage, but for those of which there is none."""
    counts = {kind: sum(prefix in name for name in named(kind)) for kind in KINDS}
    return {kind: count for kind, count in counts.items() if count > 0}


def complaints(prefix):
    """Lines of functions' logs that tell of an error, or of a right that was missing."""
    logs = boto3.client('logs')
    found = []
    for name in named('logGroups'):
        if prefix not in name:
            continue
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


def versions(prefix):
    """Which code each function has, and which definition each state machine."""
    functions = pages('lambda', 'list_functions', 'Functions')
    found = {each['FunctionName']: each['CodeSha256'] for each in functions if prefix in each['FunctionName']}
    states = boto3.client('stepfunctions')
    for machine in pages('stepfunctions', 'list_state_machines', 'stateMachines'):
        if prefix in machine['name']:
            described = states.describe_state_machine(stateMachineArn=machine['stateMachineArn'])
            found[machine['name']] = json.loads(described['definition']).get('Comment', '')
    return found


def stack(name):
    found = boto3.client('cloudformation').describe_stacks(StackName=name)['Stacks'][0]
    return {
        'status': found['StackStatus'],
        'outputs': {each['OutputKey']: each['OutputValue'] for each in found.get('Outputs', [])},
    }


def texts_of(prefix):
    """All that a stage says of others: its roles' policies, its functions' environment, its items and its files."""
    iam = boto3.client('iam')
    for role in named('roles'):
        if role.startswith(prefix):
            for policy in iam.list_role_policies(RoleName=role)['PolicyNames']:
                document = iam.get_role_policy(RoleName=role, PolicyName=policy)['PolicyDocument']
                yield f'the rights of {role}', json.dumps(document)
    for function in pages('lambda', 'list_functions', 'Functions'):
        if function['FunctionName'].startswith(prefix):
            variables = function.get('Environment', {}).get('Variables', {})
            yield f"the environment of {function['FunctionName']}", json.dumps(variables)
    for table in named('tables'):
        if table.startswith(prefix):
            for item in pages('dynamodb', 'scan', 'Items', TableName=table):
                yield f'an item of {table}', json.dumps(item, default=str)
    for bucket in named('buckets'):
        if bucket.startswith(prefix):
            for page in boto3.client('s3').get_paginator('list_objects_v2').paginate(Bucket=bucket):
                for each in page.get('Contents', []):
                    yield f'a file of {bucket}', each['Key']


def mentions(prefix, *words):
    """Where a stage names what is another's."""
    return [f'{where}: {word}' for where, text in texts_of(prefix) for word in words if word in text]


def untraced(prefix):
    functions = pages('lambda', 'list_functions', 'Functions')
    modes = {each['FunctionName']: each.get('TracingConfig', {}).get('Mode') for each in functions}
    return [name for name, mode in modes.items() if name.startswith(prefix) and mode != 'Active']


def written_to(prefix):
    found = pages('sns', 'list_subscriptions', 'Subscriptions')
    return [each['Endpoint'] for each in found if prefix in each['TopicArn'] and each['Protocol'] == 'email']


def sign_in(prefix, user):
    """Adds a person to the stage's user pool as docs/thread-runs.md says, and signs in as a page would."""
    from pycognito.aws_srp import AWSSRP

    outputs = stack(f'{prefix}-users')['outputs']
    pool, app = outputs['UserPoolId'], outputs['UserPoolClientId']
    cognito = boto3.client('cognito-idp')
    mail = [{'Name': 'email', 'Value': user}, {'Name': 'email_verified', 'Value': 'true'}]
    made = cognito.admin_create_user(UserPoolId=pool, Username=user, UserAttributes=mail)['User']
    password = f'Aa1!{secrets.token_hex(16)}'
    cognito.admin_set_user_password(UserPoolId=pool, Username=user, Password=password, Permanent=True)
    answer = AWSSRP(user, password, pool, app, client=cognito).authenticate_user()['AuthenticationResult']
    sub = next(each['Value'] for each in made['Attributes'] if each['Name'] == 'sub')
    return {'sub': sub, 'token': answer['IdToken'], 'accessToken': answer['AccessToken']}


VERBS = (is_up, stands, complaints, dead_letters, versions, stack, mentions, untraced, written_to, sign_in)
what, *arguments = sys.argv[1:]
print(json.dumps({verb.__name__.replace('_', '-'): verb for verb in VERBS}[what](*arguments)))
