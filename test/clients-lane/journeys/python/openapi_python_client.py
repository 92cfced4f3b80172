from uuid import UUID

from journey import AGENT_ID, API_KEY, BASE_URL, DOCUMENT_ID, MODEL_URL, PROCESS_ID, WORKSPACE_ID, travel

from runplane import AuthenticatedClient
from runplane.api.agent_run import (
    get_agent_run,
    get_provider,
    list_agent_runs,
    put_provider,
    run_agent,
)
from runplane.api.process_runs import get_process_run, start_process_run
from runplane.api.thread_runs import create_thread, create_thread_run, get_thread_run
from runplane.api.workspace_runs import create_run, download_run_output, get_run, list_api_keys
from runplane.models import (
    CreateRunBody,
    CreateThreadBody,
    CreateThreadRunBody,
    OpenAiCompatibleSettings,
    ProcessValue,
    RunAgentBody,
    StartProcessRunBody,
    StartProcessRunBodyStage,
)

client = AuthenticatedClient(
    base_url=BASE_URL, token=API_KEY, prefix="", auth_header_name="X-API-Key", raise_on_unexpected_status=True
)


class Steps:
    def create_run(self):
        body = CreateRunBody(input_document_id=UUID(DOCUMENT_ID))
        return create_run.sync(WORKSPACE_ID, client=client, body=body).id

    def run_status(self, run):
        return get_run.sync(WORKSPACE_ID, run, client=client).status

    def download_output(self, run):
        return len(download_run_output.sync(WORKSPACE_ID, run, client=client).payload.read())

    def start_process_run(self):
        body = StartProcessRunBody(
            agent_id=AGENT_ID,
            process_id=PROCESS_ID,
            name="A journey",
            stage=StartProcessRunBodyStage.PUBLISHED,
            inputs=[ProcessValue(name="order_id", value="42")],
        )
        return start_process_run.sync(client=client, body=body).id

    def process_run_status(self, run):
        return get_process_run.sync(run, client=client).status

    def create_thread(self):
        return create_thread.sync(WORKSPACE_ID, client=client, body=CreateThreadBody()).thread_id

    def create_thread_run(self, thread):
        body = CreateThreadRunBody(message="Hello")
        return create_thread_run.sync(WORKSPACE_ID, thread, client=client, body=body).run_id

    def thread_run_status(self, thread, run):
        return get_thread_run.sync(WORKSPACE_ID, thread, run, client=client).status

    def run_agent(self):
        return run_agent.sync(client=client, body=RunAgentBody(agent_id=AGENT_ID, stream=False)).text

    def latest_agent_run(self):
        return list_agent_runs.sync(AGENT_ID, client=client, limit=1).items[0]

    def has_content(self, run):
        return get_agent_run.sync(AGENT_ID, str(run), client=client).content is not None

    def count_keys(self):
        return len(list_api_keys.sync(WORKSPACE_ID, client=client).items)

    def set_provider(self):
        settings = OpenAiCompatibleSettings(type_="openai-compatible", base_url=MODEL_URL)
        put_provider.sync("journey", client=client, body=settings)
        return get_provider.sync("journey", client=client).settings.base_url


travel(Steps())
