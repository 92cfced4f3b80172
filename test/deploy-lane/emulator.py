"""MiniStack, with what this product uses, AWS documents and MiniStack leaves out. Each patch names its document."""

import base64
import threading

import ministack.core.iam_actions as rights
import ministack.core.lambda_runtime as runtime
import ministack.services.apigateway_v1 as gateway
import ministack.services.cloudformation.provisioners as stacks
import ministack.services.lambda_svc as functions
import ministack.services.stepfunctions as machines
import ministack.services.tagging as tagging

# Extensions of an imported OpenAPI document: a method for all others, binary media types, the gateway's own answers.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
ANY_METHOD = 'x-amazon-apigateway-any-method'
gateway._OPENAPI_HTTP_METHODS.add(ANY_METHOD)
_import_operation = gateway._import_operation
_import_api = gateway._import_rest_api


def import_operation(api, resource, method, *others):
    return _import_operation(api, resource, 'ANY' if method.lower() == ANY_METHOD else method, *others)


def import_api(document, base_data=None):
    data = dict(base_data or {})
    binary = document.get('x-amazon-apigateway-binary-media-types', [])
    data['binaryMediaTypes'] = [*(data.get('binaryMediaTypes') or []), *binary]
    api = _import_api(document, data)
    for kind, answer in (document.get('x-amazon-apigateway-gateway-responses') or {}).items():
        status, _, body = gateway._put_gateway_response(api, kind, answer)
        if status >= 400:
            raise ValueError(f'gateway response {kind}: {body!r}')
    return api


gateway._import_operation = import_operation
gateway._import_rest_api = import_api

# A changed description is put over the API, whose address, stages and deployments stay.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html
PUT_OVER = ('_resources', '_models', '_authorizers_v1', '_gateway_responses', '_documentation_parts')
_update_api = stacks._apigw_rest_api_update


def update_api(physical_id, old, new, stack_name, logical_id=None):
    if new.get('Body') == old.get('Body'):
        return _update_api(physical_id, old, new, stack_name, logical_id)
    made, _ = stacks._apigw_rest_api_create(logical_id or physical_id, new, stack_name)
    for name in PUT_OVER:
        store = getattr(gateway, name)
        store[physical_id] = store[made]
    gateway._rest_apis[physical_id] = {**gateway._rest_apis[made], 'id': physical_id}
    gateway._delete_rest_api(made)
    return physical_id, stacks._apigw_rest_api_attrs(physical_id)


stacks._RESOURCE_HANDLERS['AWS::ApiGateway::RestApi']['update'] = update_api

# Integrations that stream have an address of their own. Their answers arrive whole here.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
_function_of = gateway._extract_lambda_ref_from_integration_uri
_proxy_answer = gateway._lambda_proxy_response


def proxy_answer(result):
    answer, error = _proxy_answer(result)
    if isinstance(answer, dict) and answer.pop('wasStreamed', False):
        answer['body'] = base64.b64decode(answer['body'])
        answer['isBase64Encoded'] = False
    return answer, error


gateway._extract_lambda_ref_from_integration_uri = lambda uri: _function_of(
    (uri or '').replace('/response-streaming-invocations', '/invocations')
)
gateway._lambda_proxy_response = proxy_answer

# An alarm may be on an expression. It is kept here, and never evaluated.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
_alarm = stacks._cw_metric_alarm_record


def alarm(name, properties):
    if properties.get('Metrics'):
        others = {key: value for key, value in properties.items() if key != 'Metrics'}
        properties = {**others, 'MetricName': 'expression', 'Namespace': 'expression'}
    return _alarm(name, properties)


stacks._cw_metric_alarm_record = alarm

# A web ACL may be put before an API. It is taken here, and never evaluated.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-webaclassociation.html
stacks._RESOURCE_HANDLERS['AWS::WAFv2::WebACLAssociation'] = {
    'create': lambda logical_id, properties, stack: (f"{properties['ResourceArn']}|{properties['WebACLArn']}", {}),
    'delete': lambda physical_id, properties: None,
}

# A resource that is updated in place keeps the attributes that others read of it.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
_update_resource = stacks._update_resource


def update_resource(kind, physical_id, old, new, stack_name=None, logical_id=None):
    from ministack.services.cloudformation import _stacks

    new_id, attributes = _update_resource(kind, physical_id, old, new, stack_name, logical_id)
    before = ((_stacks.get(stack_name) or {}).get('_resources') or {}).get(logical_id) or {}
    if new_id == physical_id:
        attributes = {**(before.get('Attributes') or {}), **(attributes or {})}
    return new_id, attributes


stacks._update_resource = update_resource

# Who is at work goes on with the code that it began with, while the function is updated.
# https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
_updating = threading.local()
_kill = runtime.kill_workers
_release = runtime.release_worker


def kill_workers(workers):
    is_update = getattr(_updating, 'is_on', False)
    workers = [worker for worker in workers if worker is not None]
    for worker in workers:
        worker.leaves = is_update and worker.in_use
    _kill([worker for worker in workers if not worker.leaves])


def release_worker(worker):
    _release(worker)
    if getattr(worker, 'leaves', False):
        _kill([worker])


def undisturbed(update):
    def quietly(*arguments, **named):
        _updating.is_on = True
        try:
            return update(*arguments, **named)
        finally:
            _updating.is_on = False

    return quietly


runtime.kill_workers = kill_workers
functions.release_worker = release_worker
functions._update_code = undisturbed(functions._update_code)
functions._update_config = undisturbed(functions._update_config)

# A function that is deleted has no environments any more.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
_delete_function = stacks._RESOURCE_HANDLERS['AWS::Lambda::Function']['delete']


def delete_function(physical_id, properties):
    _delete_function(physical_id, properties)
    functions.invalidate_worker(physical_id)


stacks._RESOURCE_HANDLERS['AWS::Lambda::Function']['delete'] = delete_function

# A function that has no place to run is an error of its own to a state machine.
# https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
_call_function = machines._call_lambda


def call_function(function, event):
    try:
        return _call_function(function, event)
    except machines._ExecutionError as error:
        if '"__type": "TooManyRequestsException"' not in error.cause:
            raise
        raise machines._ExecutionError('Lambda.TooManyRequestsException', error.cause) from error


machines._call_lambda = call_function

# `aws:ResourceTag` is that of the state machine for its executions, versions and aliases, too.
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-tag-based-policies.html
_tags_of = tagging.resource_tags


def tags_of(arn):
    parts = arn.split(':')
    if len(parts) > 6 and parts[2] == 'states' and parts[5] in ('stateMachine', 'execution', 'express'):
        found = machines._tags.get(':'.join([*parts[:5], 'stateMachine', parts[6]])) or []
        if isinstance(found, dict):
            return found
        return {tag.get('key', tag.get('Key')): tag.get('value', tag.get('Value')) for tag in found}
    return _tags_of(arn)


tagging.resource_tags = tags_of

# Rights of ListTagsForResource are on the resource whose tags are asked for.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
_resource_of = rights.extract_resource_arn


def resource_of(service, method, path, headers, body, *others):
    found = _resource_of(service, method, path, headers, body, *others)
    if service == 'states' and found == '*':
        return rights._safe_json_field(body, 'resourceArn') or found
    return found


rights.extract_resource_arn = resource_of

if __name__ == '__main__':
    # These patch what they import.
    import logs  # noqa: F401
    import roles  # noqa: F401
    from ministack.app import main

    main()
