import java.util.List;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.AgentRunApi;
import org.openapitools.client.api.ProcessRunsApi;
import org.openapitools.client.api.ThreadRunsApi;
import org.openapitools.client.api.WorkspaceRunsApi;
import org.openapitools.client.auth.ApiKeyAuth;
import org.openapitools.client.model.AgentRun;
import org.openapitools.client.model.CreateRunRequest;
import org.openapitools.client.model.CreateThreadRequest;
import org.openapitools.client.model.CreateThreadRunRequest;
import org.openapitools.client.model.OpenAiCompatibleSettings;
import org.openapitools.client.model.ProcessInputs;
import org.openapitools.client.model.ProcessValue;
import org.openapitools.client.model.ProviderSettings;
import org.openapitools.client.model.RunAgentRequest;
import org.openapitools.client.model.StartProcessRunRequest;

/** One journey through the four APIs; what it found is the last line of the output. */
public final class Journey {
  private interface Status {
    Object read() throws Exception;
  }

  private static final List<String> OPEN =
      List.of("queued", "running", "in_progress", "Created", "Pending", "Running");

  private static String ended(Status status) throws Exception {
    for (; ; ) {
      String found = status.read().toString();
      if (!OPEN.contains(found)) return found;
      Thread.sleep(50);
    }
  }

  public static void main(String[] none) throws Exception {
    ApiClient client = new ApiClient().setBasePath(System.getenv("BASE_URL"));
    ((ApiKeyAuth) client.getAuthentication("apiKey")).setApiKey(System.getenv("API_KEY"));
    WorkspaceRunsApi workspaceRuns = new WorkspaceRunsApi(client);
    ProcessRunsApi processRuns = new ProcessRunsApi(client);
    ThreadRunsApi threadRuns = new ThreadRunsApi(client);
    AgentRunApi agentRun = new AgentRunApi(client);
    String workspaceId = System.getenv("WORKSPACE_ID");
    String agentId = System.getenv("AGENT_ID");

    UUID documentId = UUID.fromString(System.getenv("DOCUMENT_ID"));
    UUID run =
        workspaceRuns
            .createRun(workspaceId, new CreateRunRequest().inputDocumentId(documentId))
            .execute()
            .getId();
    String workspace = ended(() -> workspaceRuns.getRun(workspaceId, run).execute().getStatus());
    long bytes = workspaceRuns.downloadRunOutput(workspaceId, run).execute().length();

    StartProcessRunRequest start =
        new StartProcessRunRequest()
            .agentId(agentId)
            .processId(System.getenv("PROCESS_ID"))
            .name("A journey")
            .stage(StartProcessRunRequest.StageEnum.PUBLISHED)
            .inputs(new ProcessInputs(List.of(new ProcessValue().name("order_id").value("42"))));
    String processRun = processRuns.startProcessRun(start).execute().getId();

    String thread =
        threadRuns
            .createThread(workspaceId)
            .createThreadRequest(new CreateThreadRequest())
            .execute()
            .getThreadId();
    CreateThreadRunRequest message = new CreateThreadRunRequest().message("Hello");
    String threadRun =
        threadRuns.createThreadRun(workspaceId, thread, message).execute().getRunId();

    if (agentRun.runAgent(new RunAgentRequest().agentId(agentId)).execute().getText().isEmpty()) {
      throw new IllegalStateException("The agent answered nothing");
    }
    String process = ended(() -> processRuns.getProcessRun(processRun).execute().getStatus());
    String threadStatus =
        ended(
            () -> threadRuns.getThreadRun(workspaceId, thread, threadRun).execute().getStatus());
    String agent =
        ended(
            () -> agentRun.listAgentRuns(agentId).limit(1).execute().getItems().get(0).getStatus());
    // What was said is not kept unless the workspace wishes it: the content is null.
    AgentRun latest = agentRun.listAgentRuns(agentId).limit(1).execute().getItems().get(0);
    boolean content =
        agentRun.getAgentRun(agentId, latest.getId().toString()).execute().getContent() != null;
    OpenAiCompatibleSettings settings =
        new OpenAiCompatibleSettings()
            .type(OpenAiCompatibleSettings.TypeEnum.OPENAI_COMPATIBLE)
            .baseUrl(System.getenv("MODEL_URL"));
    agentRun.putProvider("journey", new ProviderSettings(settings)).execute();
    String address =
        agentRun
            .getProvider("journey")
            .execute()
            .getSettings()
            .getOpenAiCompatibleSettings()
            .getBaseUrl();
    int keys = workspaceRuns.listApiKeys(workspaceId).execute().getItems().size();
    System.out.printf(
        "%n{\"workspace\":\"%s\",\"process\":\"%s\",\"thread\":\"%s\",\"agent\":\"%s\",\"run\":\"%s\",\"bytes\":%d,\"keys\":%d,\"content\":%b,\"address\":\"%s\"}%n",
        workspace, process, threadStatus, agent, run, bytes, keys, content, address);
  }
}
