import openapi_client as api
from journey import AGENT_ID, API_KEY, BASE_URL, DOCUMENT_ID, MODEL_URL, PROCESS_ID, WORKSPACE_ID, travel

client = api.ApiClient(api.Configuration(host=BASE_URL, api_key={"apiKey": API_KEY}))
workspace_runs = api.WorkspaceRunsApi(client)
process_runs = api.ProcessRunsApi(client)
thread_runs = api.ThreadRunsApi(client)
agent_run = api.AgentRunApi(client)


class Steps:
    def create_run(self):
        options = api.CreateRunRequestOptions(operation="process")
        body = api.CreateRunRequest(inputDocumentId=DOCUMENT_ID, options=options)
        return workspace_runs.create_run(WORKSPACE_ID, body).id

    def run_status(self, run):
        return workspace_runs.get_run(WORKSPACE_ID, run).status

    def download_output(self, run):
        return len(workspace_runs.download_run_output(WORKSPACE_ID, run))

    def start_process_run(self):
        body = api.StartProcessRunRequest(
            agent_id=AGENT_ID,
            process_id=PROCESS_ID,
            name="A journey",
            stage="Published",
            inputs=api.ProcessInputs([api.ProcessValue(name="order_id", value="42")]),
        )
        return process_runs.start_process_run(body).id

    def process_run_status(self, run):
        return process_runs.get_process_run(run).status

    def create_thread(self):
        return thread_runs.create_thread(WORKSPACE_ID, api.CreateThreadRequest()).thread_id

    def create_thread_run(self, thread):
        body = api.CreateThreadRunRequest(message="Hello")
        return thread_runs.create_thread_run(WORKSPACE_ID, thread, body).run_id

    def thread_run_status(self, thread, run):
        return thread_runs.get_thread_run(WORKSPACE_ID, thread, run).status

    def run_agent(self):
        return agent_run.run_agent(api.RunAgentRequest(agent_id=AGENT_ID, stream=False)).text

    def latest_agent_run(self):
        return agent_run.list_agent_runs(AGENT_ID, limit=1).items[0]

    def has_content(self, run):
        return agent_run.get_agent_run(AGENT_ID, str(run)).content is not None

    def count_keys(self):
        return len(workspace_runs.list_api_keys(WORKSPACE_ID).items)

    def set_provider(self):
        settings = api.OpenAiCompatibleSettings(type="openai-compatible", baseUrl=MODEL_URL)
        agent_run.put_provider("journey", api.ProviderSettings(settings))
        return agent_run.get_provider("journey").settings.actual_instance.base_url


travel(Steps())
