import { expect, test } from "vitest";
import { jobView } from "../support/views.ts";
import { alertEvent, client, MemoryEventLog, testServer } from "./support.ts";

test("nothing is sent to a client before it subscribes", async () => {
  const daemon = await testServer();
  const silent = await client(daemon.server.url);
  daemon.alert("paper jam");
  await silent.settle();
  expect(silent.frames).toEqual([]);
});

test("a subscriber of all channels is told its channels, the states, and then the seeds' five messages", async () => {
  const daemon = await testServer();
  const monitor = await client(daemon.server.url);
  await monitor.subscribe(["jobs", "system", "device"]);
  daemon.change("my_design_001", "RUNNING");
  daemon.progress("my_design_001", 0.45);
  daemon.alert("Device temperature high");
  await monitor.until(() => monitor.of("system_alert").length === 1);
  expect(monitor.types).toEqual([
    "subscribed",
    "system_status",
    "device_status",
    "job_state_change",
    "job_progress",
    "system_alert",
  ]);
  expect(monitor.frames[0]).toMatchObject({
    channels: ["jobs", "system", "device"],
    epoch: "epoch-1",
    seq: 0,
  });
  expect(monitor.of("job_state_change")[0]).toMatchObject({
    job_id: "my_design_001",
    seq: 1,
    from_state: "QUEUED",
  });
  expect(monitor.of("device_status")[0]).toMatchObject({
    device_id: "axidraw_001",
    position: { x: 150.5, y: 200.2 },
  });
  expect(monitor.invalid).toEqual([]);
});

test("channel names have aliases and any case; subscribing adds, unsubscribing removes", async () => {
  const daemon = await testServer();
  const monitor = await client(daemon.server.url);
  monitor.send({ type: "subscribe", channels: ["Devices"] });
  await monitor.until(() => monitor.of("subscribed").length === 1);
  expect(monitor.of("subscribed")[0]!.channels).toEqual(["device"]);
  await monitor.subscribe(["all"]);
  expect(monitor.of("subscribed")[1]!.channels).toEqual(["jobs", "system", "device"]);
  monitor.send({ type: "UnSubscribe", channels: ["system"] });
  await monitor.until(() => monitor.of("unsubscribed").length === 1);
  daemon.alert("not for this one");
  daemon.change("a", "RUNNING");
  await monitor.until(() => monitor.of("job_state_change").length === 1);
  expect(monitor.of("system_alert")).toEqual([]);
});

test("an unknown channel is told, and the known ones beside it hold", async () => {
  const daemon = await testServer();
  const monitor = await client(daemon.server.url);
  await monitor.subscribe(["jobs", "weather"]);
  expect(monitor.of("error")[0]).toMatchObject({
    code: "UNKNOWN_CHANNEL",
    details: { unknown: ["weather"] },
  });
  expect(monitor.of("subscribed")[0]!.channels).toEqual(["jobs"]);
});

test("a channel that the configuration does not serve is unknown", async () => {
  const daemon = await testServer({ websocket: { channels: ["jobs"] } });
  const monitor = await client(daemon.server.url);
  monitor.send({ type: "SUBSCRIBE", channels: ["system"] });
  await monitor.until(() => monitor.of("error").length === 1);
  await monitor.subscribe(["all"]);
  expect(monitor.of("subscribed")[0]!.channels).toEqual(["jobs"]);
});

test("filters by job and level are kept by the server", async () => {
  const daemon = await testServer();
  const ofJobA = await client(daemon.server.url);
  await ofJobA.subscribe(["jobs", "system"], { job_id: "a" });
  const warnings = await client(daemon.server.url);
  await warnings.subscribe(["jobs", "system", "device"], { level: "warning" });
  daemon.change("a", "RUNNING");
  daemon.change("b", "RUNNING");
  daemon.change("b", "FAILED", { from_state: "RUNNING", reason: "no reply" });
  daemon.change("c", "PAUSED", { from_state: "RUNNING", level: "warning" });
  daemon.alert("for a", { job_id: "a", level: "info" });
  daemon.alert("for b", { job_id: "b", level: "critical" });
  await warnings.until(() => warnings.of("system_alert").length === 1);
  await ofJobA.until(() => ofJobA.of("system_alert").length === 1);
  expect(ofJobA.types).toEqual(["subscribed", "system_status", "job_state_change", "system_alert"]);
  expect(ofJobA.of("system_alert")[0]!.message).toBe("for a");
  expect(warnings.types).toEqual(["subscribed", "job_state_change", "job_state_change", "system_alert"]);
  expect(warnings.frames.slice(1).map((frame) => frame.seq)).toEqual([3, 4, 6]);
});

test("snapshot gives the open jobs, devices and system in one message, before the states and events", async () => {
  const daemon = await testServer();
  daemon.jobs.submit({ svg: new Uint8Array(1), fileName: "waiting.svg", options: {} });
  const monitor = await client(daemon.server.url);
  await monitor.subscribe(["jobs", "system"], { snapshot: true });
  await monitor.until(() => monitor.of("system_status").length === 1);
  expect(monitor.types).toEqual(["subscribed", "snapshot", "system_status"]);
  const snapshot = monitor.of("snapshot")[0]!;
  expect(snapshot).toMatchObject({
    jobs: [{ id: "waiting" }],
    devices: [{ id: "axidraw_001" }],
    epoch: "epoch-1",
  });
  expect(snapshot.system).toMatchObject({
    websocket: { url: daemon.server.url, connections: 1, max_connections: 100 },
  });
  expect(monitor.invalid).toEqual([]);
});

test("since replays 2000 missed events in order, then goes on without a hole or a repetition", async () => {
  const eventLog = new MemoryEventLog();
  for (let i = 1; i <= 2000; i++) eventLog.append(alertEvent(`event ${i}`));
  const daemon = await testServer({ eventLog });
  const monitor = await client(daemon.server.url);
  await monitor.subscribe(["all"], { since: { epoch: "epoch-1", seq: 100 } });
  daemon.alert("during the replay");
  await monitor.until(() => monitor.of("device_status").length === 1);
  daemon.alert("after the replay");
  await monitor.until(() => monitor.of("system_alert").some(({ message }) => message === "after the replay"));
  const seqs = monitor.of("system_alert").map((frame) => frame.seq);
  expect(seqs).toEqual(Array.from({ length: 1902 }, (_, i) => 101 + i));
  expect(monitor.types.filter((type) => type !== "system_alert")).toEqual([
    "subscribed",
    "system_status",
    "device_status",
  ]);
});

test("what was pruned is told as a gap with inclusive bounds, then the rest is replayed", async () => {
  const eventLog = new MemoryEventLog();
  for (let i = 1; i <= 10; i++) eventLog.append(alertEvent(`event ${i}`));
  eventLog.pruneThrough(6);
  const daemon = await testServer({ eventLog });
  const monitor = await client(daemon.server.url);
  await monitor.subscribe(["system"], { since: { epoch: "epoch-1", seq: 3 } });
  await monitor.until(() => monitor.of("system_status").length === 1);
  expect(monitor.of("gap")[0]).toMatchObject({ from_seq: 4, to_seq: 6 });
  expect(monitor.of("system_alert").map(({ seq }) => seq)).toEqual([7, 8, 9, 10]);
  expect(monitor.types.slice(0, 2)).toEqual(["subscribed", "gap"]);
});

test("another epoch is a gap over everything there is", async () => {
  const eventLog = new MemoryEventLog();
  for (let i = 1; i <= 3; i++) eventLog.append(alertEvent(`event ${i}`));
  const daemon = await testServer({ eventLog });
  const monitor = await client(daemon.server.url);
  await monitor.subscribe(["system"], { since: { epoch: "an older log", seq: 77 }, snapshot: true });
  await monitor.until(() => monitor.of("system_status").length === 1);
  expect(monitor.types).toEqual(["subscribed", "gap", "snapshot", "system_status"]);
  expect(monitor.of("gap")[0]).toMatchObject({ from_seq: 1, to_seq: 3 });
});

test("a replay holds only the newest progress of an open job, and none of one that has ended", async () => {
  const daemon = await testServer();
  daemon.jobs.all.set("open", jobView("open", { state: "RUNNING" }));
  daemon.jobs.all.set("muted", jobView("muted", { state: "COMPLETED" }));
  daemon.progress("muted", 0.5);
  daemon.change("open", "RUNNING");
  daemon.change("ended", "RUNNING");
  daemon.progress("open", 0.1);
  daemon.progress("ended", 0.9);
  daemon.change("ended", "COMPLETED", { from_state: "RUNNING" });
  const monitor = await client(daemon.server.url);
  await monitor.subscribe(["jobs"], { since: { epoch: "epoch-1", seq: 0 } });
  await monitor.until(() => monitor.of("job_progress").length === 1);
  await monitor.settle();
  expect(monitor.types).toEqual([
    "subscribed",
    "job_state_change",
    "job_state_change",
    "job_state_change",
    "job_progress",
  ]);
  expect(monitor.of("job_progress")[0]).toMatchObject({ job_id: "open", progress: 0.1 });
});

test("messages sent while a replay is on its way are answered after it", async () => {
  const eventLog = new MemoryEventLog();
  for (let i = 1; i <= 1500; i++) eventLog.append(alertEvent(`event ${i}`));
  const daemon = await testServer({ eventLog });
  const monitor = await client(daemon.server.url);
  monitor.send({ type: "SUBSCRIBE", channels: ["system"], since: { epoch: "epoch-1", seq: 0 } });
  monitor.send({ type: "PING" });
  await monitor.until(() => monitor.of("pong").length === 1);
  expect(monitor.types.at(-1)).toBe("pong");
  expect(monitor.of("system_alert")).toHaveLength(1500);
});
