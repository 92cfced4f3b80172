"""One journey through the four APIs; what it found is the last line of the output."""

import json
import os
import time

BASE_URL = os.environ["BASE_URL"]
API_KEY = os.environ["API_KEY"]
WORKSPACE_ID = os.environ["WORKSPACE_ID"]
DOCUMENT_ID = os.environ["DOCUMENT_ID"]
AGENT_ID = os.environ["AGENT_ID"]
PROCESS_ID = os.environ["PROCESS_ID"]
MODEL_URL = os.environ["MODEL_URL"]

OPEN = ["queued", "running", "in_progress", "Created", "Pending", "Running"]


def ended(status):
    while True:
        found = str(status())
        if found not in OPEN:
            return found
        time.sleep(0.05)


def travel(steps):
    run = steps.create_run()
    workspace = ended(lambda: steps.run_status(run))
    size = steps.download_output(run)
    process_run = steps.start_process_run()
    thread = steps.create_thread()
    thread_run = steps.create_thread_run(thread)
    if steps.run_agent() == "":
        raise SystemExit("The agent answered nothing")
    found = {
        "workspace": workspace,
        "process": ended(lambda: steps.process_run_status(process_run)),
        "thread": ended(lambda: steps.thread_run_status(thread, thread_run)),
        "agent": ended(lambda: steps.latest_agent_run().status),
        "run": str(run),
        "bytes": size,
        "keys": steps.count_keys(),
        "content": steps.has_content(steps.latest_agent_run().id),
        "address": steps.set_provider(),
    }
    print(json.dumps(found))
