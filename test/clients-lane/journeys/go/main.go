// One journey through the four APIs; what it found is the last line of the output.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	runplane "github.com/GIT_USER_ID/GIT_REPO_ID"
)

var open = []string{"queued", "running", "in_progress", "Created", "Pending", "Running"}

// got is what was answered; a client that failed ends the journey.
func got[T any, R any](answer T, _ R, err error) T {
	if err != nil {
		panic(err)
	}
	return answer
}

func ended(status func() string) string {
	for {
		found := status()
		if !slices.Contains(open, found) {
			return found
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func main() {
	configuration := runplane.NewConfiguration()
	configuration.Servers = runplane.ServerConfigurations{{URL: os.Getenv("BASE_URL")}}
	client := runplane.NewAPIClient(configuration)
	keys := map[string]runplane.APIKey{"apiKey": {Key: os.Getenv("API_KEY")}}
	ctx := context.WithValue(context.Background(), runplane.ContextAPIKeys, keys)
	workspace, agent := os.Getenv("WORKSPACE_ID"), os.Getenv("AGENT_ID")

	create := runplane.NewCreateRunRequest()
	create.SetInputDocumentId(os.Getenv("DOCUMENT_ID"))
	run := got(client.WorkspaceRunsAPI.CreateRun(ctx, workspace).CreateRunRequest(*create).Execute())
	workspaceStatus := ended(func() string {
		return got(client.WorkspaceRunsAPI.GetRun(ctx, workspace, run.Id).Execute()).Status
	})
	output := got(client.WorkspaceRunsAPI.DownloadRunOutput(ctx, workspace, run.Id).Execute())
	info, err := output.Stat()
	if err != nil {
		panic(err)
	}

	start := runplane.NewStartProcessRunRequest(agent, os.Getenv("PROCESS_ID"), "A journey", "Published")
	values := []runplane.ProcessValue{*runplane.NewProcessValue("order_id", "42")}
	start.SetInputs(runplane.ProcessInputs{ArrayOfProcessValue: &values})
	processRun := got(client.ProcessRunsAPI.StartProcessRun(ctx).StartProcessRunRequest(*start).Execute())

	thread := got(client.ThreadRunsAPI.CreateThread(ctx, workspace).
		CreateThreadRequest(*runplane.NewCreateThreadRequest()).Execute()).ThreadId
	message := runplane.NewCreateThreadRunRequest("Hello")
	threadRun := got(client.ThreadRunsAPI.CreateThreadRun(ctx, workspace, thread).
		CreateThreadRunRequest(*message).Execute())

	if got(client.AgentRunAPI.RunAgent(ctx).RunAgentRequest(*runplane.NewRunAgentRequest(agent)).Execute()).Text == "" {
		panic("The agent answered nothing")
	}

	latest := got(client.AgentRunAPI.ListAgentRuns(ctx, agent).Limit(1).Execute()).Items[0]
	content := got(client.AgentRunAPI.GetAgentRun(ctx, agent, latest.Id).Execute()).Content
	settings := runplane.OpenAiCompatibleSettingsAsProviderSettings(
		runplane.NewOpenAiCompatibleSettings("openai-compatible", os.Getenv("MODEL_URL")))
	got(client.AgentRunAPI.PutProvider(ctx, "journey").ProviderSettings(settings).Execute())
	provider := got(client.AgentRunAPI.GetProvider(ctx, "journey").Execute())

	found, err := json.Marshal(map[string]any{
		"workspace": workspaceStatus,
		"process": ended(func() string {
			return got(client.ProcessRunsAPI.GetProcessRun(ctx, processRun.Id).Execute()).Status
		}),
		"thread": ended(func() string {
			return got(client.ThreadRunsAPI.GetThreadRun(ctx, workspace, thread, threadRun.RunId).Execute()).Status
		}),
		"agent": ended(func() string {
			return got(client.AgentRunAPI.ListAgentRuns(ctx, agent).Limit(1).Execute()).Items[0].Status
		}),
		"run":     run.Id,
		"bytes":   info.Size(),
		"content": content.IsSet() && content.Get() != nil,
		"address": provider.Settings.OpenAiCompatibleSettings.BaseUrl,
		"keys":    len(got(client.WorkspaceRunsAPI.ListApiKeys(ctx, workspace).Execute()).Items),
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(found))
}
