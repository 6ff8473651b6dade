import { connect } from "node:net";
import { expect, test } from "vitest";
import {
  deviceListSchema,
  jobListSchema,
  problemSchema,
  websocketStatsSchema,
} from "../../src/shared/http-messages.ts";
import { deviceViewSchema, jobViewSchema, systemViewSchema } from "../../src/shared/ws-messages.ts";
import { jobView } from "../support/views.ts";
import { client, rawRequest, type TestServer, testServer } from "./support.ts";
import { twoStrokePlan } from "./two-stroke-plan.ts";

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L10 10"/></svg>';

async function problem(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const body = problemSchema.parse(await response.json());
  expect(body.status).toBe(response.status);
  return body;
}

const post = (daemon: TestServer, path: string, body?: unknown) =>
  fetch(daemon.http(path), { method: "POST", body: body === undefined ? undefined : JSON.stringify(body) });

test("an SVG body with options in the query becomes a job with those options", async () => {
  const daemon = await testServer();
  const query =
    "name=square.svg&paper=a4&margin=12.5&fit=page&rotate=90&scale=0.5&origin=10,-2.5&join=0&optimize=best&keep_order=true&pen=red&layers=colors&jerk=4000&priority=-3&device=axidraw_001&hold=1";
  const response = await fetch(daemon.http(`/api/v1/jobs?${query}`), { method: "POST", body: SVG });
  expect(response.status).toBe(201);
  expect(response.headers.get("location")).toBe("/api/v1/jobs/square");
  expect(jobViewSchema.parse(await response.json())).toMatchObject({ id: "square", state: "NEW" });
  const [upload] = daemon.jobs.uploads;
  expect(Buffer.from(upload!.svg).toString()).toBe(SVG);
  expect(upload).toMatchObject({ fileName: "square.svg", priority: -3, device: "axidraw_001", hold: true });
  expect(upload!.options).toEqual({
    paper: "a4",
    marginMm: 12.5,
    fit: "page",
    rotate: 90,
    scale: 0.5,
    origin: { x: 10, y: -2.5 },
    joinMm: 0,
    optimize: "best",
    keepOrder: true,
    pen: "red",
    layers: "colors",
    jerkMmPerS3: 4000,
  });
});

test("a form with a file field and options as fields becomes a job with the file's name", async () => {
  const daemon = await testServer();
  const form = new FormData();
  form.set("file", new File([SVG], "kreis ä.svg", { type: "image/svg+xml" }));
  form.set("paper", "a5");
  form.set("hold", "false");
  const response = await fetch(daemon.http("/api/v1/jobs"), { method: "POST", body: form });
  expect(response.status).toBe(201);
  expect(daemon.jobs.uploads[0]).toMatchObject({
    fileName: "kreis ä.svg",
    options: { paper: "a5" },
    hold: false,
  });
  expect(Buffer.from(daemon.jobs.uploads[0]!.svg).toString()).toBe(SVG);
});

test("a wrong option is 400 and names its field", async () => {
  const daemon = await testServer();
  for (const [query, field] of [
    ["margin=wide", "margin"],
    ["margin=-1", "margin"],
    ["margin=", "margin"],
    ["fit=window", "fit"],
    ["rotate=45", "rotate"],
    ["scale=0", "scale"],
    ["origin=10", "origin"],
    ["optimize=most", "optimize"],
    ["keep_order=perhaps", "keep_order"],
    ["priority=1.5", "priority"],
    ["papre=a4", "papre"],
  ]) {
    const body = await problem(
      await fetch(daemon.http(`/api/v1/jobs?${query}`), { method: "POST", body: SVG }),
    );
    expect(body, query).toMatchObject({ status: 400, code: "request.invalid", details: { field } });
    expect(body.detail).toContain(`"${field}"`);
  }
  expect(daemon.jobs.uploads).toEqual([]);
});

test("an empty body, a form without a file and a broken form are 400", async () => {
  const daemon = await testServer();
  expect(await problem(await post(daemon, "/api/v1/jobs"))).toMatchObject({ status: 400 });
  const form = new FormData();
  form.set("paper", "a4");
  const without = await fetch(daemon.http("/api/v1/jobs"), { method: "POST", body: form });
  expect((await problem(without)).detail).toContain('no field "file"');
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  const broken = await fetch(daemon.http("/api/v1/jobs"), { method: "POST", headers, body: "no form" });
  expect((await problem(broken)).detail).toContain("multipart/form-data");
});

test("more than 256 MB is 413 before it is read", async () => {
  const daemon = await testServer();
  const answer = await rawRequest(
    daemon.http("/api/v1/jobs"),
    { "content-length": String(256 * 1024 * 1024 + 1), connection: "close" },
    "POST",
  ).catch((error) => error);
  expect(answer).toMatchObject({ status: 413 });
});

test("an upload that breaks off is no failure of the daemon, and JSON over 1 MB is 413", async () => {
  const daemon = await testServer();
  const socket = connect(daemon.server.port, "127.0.0.1");
  socket.write("POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n<svg");
  await new Promise((resolve) => setTimeout(resolve, 30));
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(daemon.jobs.uploads).toEqual([]);
  expect(daemon.logged.filter((line) => JSON.parse(line).level === "error")).toEqual([]);
  const huge = await post(daemon, "/api/v1/events", "x".repeat(1024 * 1024));
  expect(await problem(huge)).toMatchObject({ status: 413, code: "request.too-large" });
});

test("jobs are listed by state and in pages", async () => {
  const daemon = await testServer();
  for (let i = 0; i < 5; i++) daemon.jobs.all.set(`q${i}`, jobView(`q${i}`));
  daemon.jobs.all.set("done", jobView("done", { state: "COMPLETED" }));
  const first = jobListSchema.parse(
    await (await fetch(daemon.http("/api/v1/jobs?state=queued&limit=3"))).json(),
  );
  expect(first.jobs.map(({ id }) => id)).toEqual(["q0", "q1", "q2"]);
  const rest = jobListSchema.parse(
    await (await fetch(daemon.http(`/api/v1/jobs?state=queued&limit=3&cursor=${first.next_cursor}`))).json(),
  );
  expect(rest).toMatchObject({ jobs: [{ id: "q3" }, { id: "q4" }], next_cursor: null });
  const both = await (await fetch(daemon.http("/api/v1/jobs?state=COMPLETED,failed"))).json();
  expect(jobListSchema.parse(both).jobs).toHaveLength(1);
  for (const query of ["state=LOST", "limit=0", "limit=x", "sort=name"]) {
    expect((await problem(await fetch(daemon.http(`/api/v1/jobs?${query}`)))).status, query).toBe(400);
  }
});

test("a job is shown, changed, steered and removed; what its state does not allow is 409", async () => {
  const daemon = await testServer();
  daemon.jobs.all.set("a", jobView("a", { state: "RUNNING" }));
  expect(await (await post(daemon, "/api/v1/jobs/a/pause")).json()).toMatchObject({ state: "PAUSED" });
  expect(await (await post(daemon, "/api/v1/jobs/a/resume")).json()).toMatchObject({ state: "RUNNING" });
  expect(await problem(await post(daemon, "/api/v1/jobs/a/retry"))).toMatchObject({
    status: 409,
    code: "job.refused-transition",
  });
  expect(await (await post(daemon, "/api/v1/jobs/a/cancel")).json()).toMatchObject({ state: "CANCELLED" });
  const patch = {
    method: "PATCH",
    body: JSON.stringify({ priority: 5, position: 0, paper: "a3", rotate: 0 }),
  };
  expect(await (await fetch(daemon.http("/api/v1/jobs/a"), patch)).json()).toMatchObject({ priority: 5 });
  expect(daemon.jobs.patches).toEqual([{ priority: 5, position: 0, options: { paper: "a3", rotate: 0 } }]);
  const wrong = { method: "PATCH", body: '{"position":-1}' };
  expect((await problem(await fetch(daemon.http("/api/v1/jobs/a"), wrong))).details).toEqual({
    field: "position",
  });
  expect((await fetch(daemon.http("/api/v1/jobs/a"), { method: "DELETE" })).status).toBe(204);
  expect(await problem(await fetch(daemon.http("/api/v1/jobs/a")))).toMatchObject({
    status: 404,
    code: "job.not-found",
    details: { id: "a" },
  });
});

test("plan.json holds the polylines in mm, preview.svg shows them with the travel dotted", async () => {
  const daemon = await testServer();
  daemon.jobs.all.set("a", jobView("a"));
  daemon.jobs.plans.set("a", twoStrokePlan());
  const plan = await (await fetch(daemon.http("/api/v1/jobs/a/plan.json"))).json();
  expect(plan).toEqual({
    unit: "mm",
    polylines: [
      [
        [10, 20],
        [110, 20],
      ],
      [[50, 60]],
    ],
    meta: [
      { layer: "lines & dots", stroke: 0 },
      { layer: "lines & dots", stroke: 1 },
    ],
    notes: ["one image left out"],
  });
  const response = await fetch(daemon.http("/api/v1/jobs/a/preview.svg"));
  expect(response.headers.get("content-type")).toBe("image/svg+xml");
  const svg = await response.text();
  expect(svg).toContain('viewBox="0 0 111 148"');
  expect(svg).toContain('d="M10 20L110 20M50 60L50 60"');
  expect(svg).toContain('d="M0 0L10 20M110 20L50 60M50 60L0 0"');
  expect(svg).toContain("stroke-dasharray");
  expect(svg).toContain("lines &amp; dots");
});

test("devices are listed and obey: ready, pen, jog, home, park, motors, maintenance", async () => {
  const daemon = await testServer();
  const list = deviceListSchema.parse(await (await fetch(daemon.http("/api/v1/devices"))).json());
  expect(list.devices[0]!.id).toBe("axidraw_001");
  const act = async (name: string, body?: unknown) => {
    const response = await post(daemon, `/api/v1/devices/axidraw_001/${name}`, body);
    expect(response.status, name).toBe(200);
    return deviceViewSchema.parse(await response.json());
  };
  expect((await act("jog", { dx: 10, dy: -5 })).position).toEqual({ x: 160.5, y: 195.2 });
  expect((await act("pen", { up: false })).pen_up).toBe(false);
  expect((await act("ready", { ready: false })).ready).toBe(false);
  expect((await act("ready")).ready).toBe(true);
  expect((await act("maintenance")).status).toBe("maintenance");
  await act("home");
  await act("park");
  await act("motors", { on: false });
  expect(await problem(await post(daemon, "/api/v1/devices/axidraw_001/pen", {}))).toMatchObject({
    status: 400,
    details: { field: "up" },
  });
  expect(await problem(await post(daemon, "/api/v1/devices/nobody/home"))).toMatchObject({
    status: 404,
    code: "device.not-found",
  });
});

test("the daemon tells about itself: health, readiness, system, figures", async () => {
  const daemon = await testServer();
  expect((await fetch(daemon.http("/healthz"))).status).toBe(200);
  expect((await fetch(daemon.http("/readyz"))).status).toBe(200);
  daemon.system.status = "starting";
  expect((await fetch(daemon.http("/readyz"))).status).toBe(503);
  const monitor = await client(daemon.server.url);
  await monitor.subscribe(["jobs"]);
  const system = systemViewSchema.parse(await (await fetch(daemon.http("/api/v1/system"))).json());
  expect(system.websocket).toMatchObject({ url: daemon.server.url, connections: 1 });
  daemon.change("a", "RUNNING");
  await monitor.until(() => monitor.of("job_state_change").length === 1);
  const stats = websocketStatsSchema.parse(
    await (await fetch(daemon.http("/api/v1/stats/websocket"))).json(),
  );
  expect(stats.connections).toMatchObject({ open: 1, by_endpoint: { "/ws": 1 }, by_channel: { jobs: 1 } });
  expect(stats.messages_out.job_state_change).toMatchObject({ messages: 1 });
  expect(stats.clients[0]).toMatchObject({ channels: ["jobs"], sent_messages: 2, lag_bytes: 0 });
  const metrics = await (await fetch(daemon.http("/metrics"))).text();
  expect(metrics).toContain('plotty_websocket_connections{endpoint="/ws"} 1\n');
  expect(metrics).toContain('plotty_websocket_messages_out_total{type="job_state_change"} 1\n');
  expect(metrics).toMatch(/^(# (HELP|TYPE) .*|[a-z_]+(\{[^}]*\})? -?[0-9.e+-]+)$/m);
  daemon.jobs.all.set("c", jobView("c", { state: "COMPLETED" }));
  expect(await (await fetch(daemon.http("/api/v1/stats/jobs"))).json()).toMatchObject({
    total: 1,
    completed_duration_s: 60,
  });
  expect(await (await fetch(daemon.http("/api/v1/stats/devices"))).json()).toMatchObject({
    total: 1,
    by_status: { connected: 1 },
  });
});

test("unknown routes are 404, unknown methods 405 with Allow, both as problems", async () => {
  const daemon = await testServer();
  expect(await problem(await fetch(daemon.http("/api/v1/nothing")))).toMatchObject({
    status: 404,
    code: "request.not-found",
  });
  const response = await fetch(daemon.http("/api/v1/jobs"), { method: "PUT" });
  expect(response.headers.get("allow")).toBe("GET, POST");
  expect(await problem(response)).toMatchObject({ status: 405 });
});

test("with authenticate every route but /healthz wants the key", async () => {
  const daemon = await testServer({ websocket: { authenticate: true, api_key: "right" } });
  expect((await fetch(daemon.http("/healthz"))).status).toBe(200);
  for (const path of ["/readyz", "/metrics", "/api/v1/jobs", "/api/v1/nothing"]) {
    expect(await problem(await fetch(daemon.http(path)))).toMatchObject({
      status: 401,
      code: "auth.missing-key",
    });
  }
  const wrong = { headers: { authorization: "Bearer wrong" } };
  expect(await problem(await fetch(daemon.http("/metrics"), wrong))).toMatchObject({
    code: "auth.wrong-key",
  });
  expect((await fetch(daemon.http("/metrics"), { headers: { "x-api-key": "right" } })).status).toBe(200);
  expect((await fetch(daemon.http("/api/v1/jobs?api_key=right"))).status).toBe(200);
  expect((await fetch(daemon.http("/api/v1/jobs?api_key=right"), { method: "POST", body: SVG })).status).toBe(
    201,
  );
});

test("a foreign or null Origin may look but change nothing", async () => {
  const daemon = await testServer();
  for (const origin of ["https://evil.example", "null"]) {
    const headers = { Origin: origin };
    expect((await rawRequest(daemon.http("/api/v1/jobs"), headers, "POST", SVG)).status).toBe(403);
    expect((await rawRequest(daemon.http("/api/v1/jobs/a"), headers, "DELETE")).status).toBe(403);
    expect((await rawRequest(daemon.http("/api/v1/jobs"), headers)).status).toBe(200);
  }
  expect(
    (await rawRequest(daemon.http("/api/v1/jobs"), { Origin: "http://localhost:3000" }, "POST", SVG)).status,
  ).toBe(201);
});

test("what fails inside is 500 without its words, which are in the log", async () => {
  const daemon = await testServer();
  daemon.jobs.list = () => {
    throw new Error("secret path /home/x");
  };
  const body = await problem(await fetch(daemon.http("/api/v1/jobs")));
  expect(body).toMatchObject({ status: 500, code: "internal" });
  expect(JSON.stringify(body)).not.toContain("/home/x");
  expect(daemon.logged.join("")).toContain("secret path /home/x");
});
