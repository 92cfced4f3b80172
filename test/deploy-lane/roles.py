"""Of a role that a resource is made with, AWS asks whether it lets the resource's service in. MiniStack does not."""

import json

import ministack.core.iam_evaluator as evaluator
import ministack.services.cloudformation.provisioners as stacks
import ministack.services.iam as iam
from ministack.services.cloudformation import _stacks

# The property that holds the role, and the service that has to be let in by it.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
# https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
TAKEN_BY = {
    'AWS::Lambda::Function': ('Role', 'lambda.amazonaws.com'),
    'AWS::StepFunctions::StateMachine': ('RoleArn', 'states.amazonaws.com'),
    'AWS::ApiGateway::Account': ('CloudWatchRoleArn', 'apigateway.amazonaws.com'),
}


def lets_in(role, service):
    trust = (iam._roles.get(role) or {}).get('AssumeRolePolicyDocument') or '{}'
    statements = (json.loads(trust) if isinstance(trust, str) else trust).get('Statement', [])
    return any(
        statement.get('Effect') == 'Allow' and evaluator._service_principal_matches(statement.get('Principal'), service)
        for statement in statements
    )


def logical(role, stack_name):
    resources = (_stacks.get(stack_name) or {}).get('_resources') or {}
    return next((name for name, each in resources.items() if each.get('PhysicalResourceId') == role), 'of nobody')


def asking(create, role_property, service):
    def asked(logical_id, properties, stack_name):
        role = properties[role_property].rsplit('/', 1)[-1]
        if not lets_in(role, service):
            raise ValueError(f'{service} cannot assume the role {logical(role, stack_name)} ({role})')
        return create(logical_id, properties, stack_name)

    return asked


for kind, (role_property, service) in TAKEN_BY.items():
    handlers = stacks._RESOURCE_HANDLERS[kind]
    handlers['create'] = asking(handlers['create'], role_property, service)
