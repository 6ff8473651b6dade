import type { z } from "zod";
import type { AlertList, AlertView, DEVICE_ACTION_BODIES, PlanDocument } from "../../shared/http-messages.ts";
import type { DeviceView, JobView, SystemView } from "../../shared/ws-messages.ts";
import type { Address } from "./address.ts";
import { type HttpRequest, requestJson } from "./http.ts";

export type JobAction = "pause" | "resume" | "cancel" | "retry";
export type StatsTopic = "websocket" | "jobs" | "devices";

type Bodies = typeof DEVICE_ACTION_BODIES;

/** What `POST /api/v1/devices/{id}/{name}` is asked, by the very schemas that the daemon checks it with. */
export type DeviceCommand = {
  readonly [Name in keyof Bodies]: { readonly name: Name; readonly body: z.input<Bodies[Name]> };
}[keyof Bodies];

/** The daemon's HTTP routes as functions. All reject with `PlottyError`. */
export interface Api {
  readonly address: Address;
  /** Newest answers of the daemon, all pages. */
  jobs(states?: readonly string[]): Promise<JobView[]>;
  job(id: string): Promise<JobView>;
  /** @param query options by their wire names: `name`, `paper`, … @param onSent hears how many bytes have been sent */
  submit(
    svg: Uint8Array,
    query: Readonly<Record<string, string>>,
    onSent?: (bytes: number) => void,
  ): Promise<JobView>;
  actOnJob(id: string, action: JobAction): Promise<JobView>;
  patchJob(id: string, patch: Readonly<Record<string, unknown>>): Promise<JobView>;
  /** What the job draws, in drawing order. */
  plan(id: string): Promise<PlanDocument>;
  removeJob(id: string): Promise<void>;
  devices(): Promise<DeviceView[]>;
  actOnDevice(id: string, command: DeviceCommand): Promise<unknown>;
  /** Those that neither are over nor were acknowledged, newest first. */
  openAlerts(): Promise<AlertView[]>;
  acknowledgeAlert(id: string): Promise<AlertView>;
  system(): Promise<SystemView>;
  stats(topic: StatsTopic): Promise<Record<string, unknown>>;
}

const PAGE = 200;
/** The daemon gives no more in one answer. */
const MOST_ALERTS = 1000;

export function createApi(address: Address, signal: AbortSignal): Api {
  const ask = <T>(method: HttpRequest["method"], path: string, body?: unknown) =>
    requestJson(
      address,
      { method, path: `/api/v1${path}`, body: body === undefined ? undefined : JSON.stringify(body) },
      signal,
    ) as Promise<T>;
  const jobPath = (id: string) => `/jobs/${encodeURIComponent(id)}`;
  return {
    address,
    jobs: (states = []) => allJobs(ask, states),
    job: (id) => ask("GET", jobPath(id)),
    submit: (svg, query, onSent) =>
      requestJson(
        address,
        {
          method: "POST",
          path: `/api/v1/jobs?${new URLSearchParams(query)}`,
          body: svg,
          contentType: "image/svg+xml",
          ...(onSent && { onSent }),
        },
        signal,
      ) as Promise<JobView>,
    actOnJob: (id, action) => ask("POST", `${jobPath(id)}/${action}`, {}),
    patchJob: (id, patch) => ask("PATCH", jobPath(id), patch),
    plan: (id) => ask("GET", `${jobPath(id)}/plan.json`),
    removeJob: (id) => ask("DELETE", jobPath(id)),
    devices: async () => (await ask<{ devices: DeviceView[] }>("GET", "/devices")).devices,
    actOnDevice: (id, { name, body }) => ask("POST", `/devices/${encodeURIComponent(id)}/${name}`, body),
    openAlerts: async () => (await ask<AlertList>("GET", `/alerts?open=true&limit=${MOST_ALERTS}`)).alerts,
    acknowledgeAlert: (id) => ask("POST", `/alerts/${encodeURIComponent(id)}/ack`, {}),
    system: () => ask("GET", "/system"),
    stats: (topic) => ask("GET", `/stats/${topic}`),
  };
}

type Ask = <T>(method: HttpRequest["method"], path: string) => Promise<T>;

async function allJobs(ask: Ask, states: readonly string[]): Promise<JobView[]> {
  const jobs: JobView[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (states.length > 0) query.set("state", states.join(","));
    if (cursor !== null) query.set("cursor", cursor);
    const page: { jobs: JobView[]; next_cursor: string | null } = await ask("GET", `/jobs?${query}`);
    jobs.push(...page.jobs);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return jobs;
}
