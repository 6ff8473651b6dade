import { expect, test } from "vitest";
import { asyncApi } from "../../src/daemon/server/asyncapi.ts";
import { openApi } from "../../src/daemon/server/openapi.ts";
import { testServer } from "./support.ts";

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { responses?: Record<string, unknown> }>>;
}

interface AsyncApi {
  asyncapi: string;
  channels: Record<
    string,
    { address: string; messages: Record<string, { payload: { properties: object; required: string[] } }> }
  >;
}

test("every route of the OpenAPI document exists with just its methods", async () => {
  const daemon = await testServer();
  const { openapi, paths } = (await (await fetch(daemon.http("/openapi.json"))).json()) as OpenApi;
  expect(openapi).toBe("3.1.0");
  expect(Object.keys(paths).length).toBeGreaterThan(20);
  for (const [path, operations] of Object.entries(paths)) {
    const { headers, status } = await fetch(daemon.http(path.replace("{id}", "x")), { method: "PUT" });
    const methods = Object.keys(operations).filter((name) => name !== "parameters");
    expect({ path, status, allow: headers.get("allow")?.toLowerCase().split(", ") }).toEqual({
      path,
      status: 405,
      allow: methods,
    });
  }
});

test("the AsyncAPI document has the five paths and all fields of the seeds' messages", async () => {
  const daemon = await testServer();
  const { asyncapi, channels } = (await (await fetch(daemon.http("/asyncapi.json"))).json()) as AsyncApi;
  expect(asyncapi).toBe("3.0.0");
  expect(Object.values(channels).map(({ address }) => address)).toEqual([
    "/ws",
    "/api/v1/ws/live-jobs",
    "/api/v1/ws/robot-status",
    "/api/v1/ws/queue-metrics",
    "/api/v1/ws/metrics/stream",
  ]);
  const required = (type: string) => channels.events!.messages[type]!.payload.required;
  expect(required("job_state_change")).toEqual(
    expect.arrayContaining(["type", "timestamp", "job_id", "from_state", "to_state", "reason", "metadata"]),
  );
  expect(required("job_progress")).toEqual(
    expect.arrayContaining(["progress", "current_layer", "total_layers", "estimated_remaining", "metadata"]),
  );
  expect(required("system_status")).toEqual(
    expect.arrayContaining(["status", "daemon_version", "uptime", "active_jobs", "queue_length"]),
  );
  expect(required("system_alert")).toEqual(expect.arrayContaining(["level", "message", "details"]));
  expect(required("device_status")).toEqual(
    expect.arrayContaining(["device_id", "status", "pen_up", "position", "metadata"]),
  );
  expect(channels.events!.messages.subscribe).toBeDefined();
});

test("both documents are whole: every reference leads somewhere", () => {
  for (const document of [openApi(), asyncApi()]) {
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = reference!
        .split("/")
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
      expect(found, reference).toBeDefined();
    }
  }
});
