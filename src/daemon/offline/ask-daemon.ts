import http from "node:http";
import https from "node:https";
import type { DeviceView, SystemView } from "../../shared/ws-messages.ts";
import type { Config } from "../config-schema.ts";

/** Flags that say which daemon, and which configuration. */
export interface Whereabouts {
  readonly config?: string;
  readonly url?: string;
  readonly apiKey?: string;
}

export type DaemonAnswer =
  | {
      readonly state: "running";
      readonly url: string;
      readonly version: string;
      readonly status: string;
      readonly devices: readonly DeviceView[];
    }
  | { readonly state: "away" | "refused"; readonly url: string }
  | { readonly state: "stranger"; readonly url: string; readonly why: string };

const PATIENCE_MS = 3000;

/** Whether a daemon runs where the flags, the environment or else the configuration say, and what it says of its machines. */
export async function askDaemon(
  config: Config,
  env: NodeJS.ProcessEnv,
  where: Whereabouts,
): Promise<DaemonAnswer> {
  const url = baseUrl(config, where.url ?? (env.PLOTTY_URL || undefined));
  const key = where.apiKey ?? (env.PLOTTY_API_KEY || config.websocket.api_key || undefined);
  const system = await get(`${url}/api/v1/system`, key);
  if (system.state === "away") return { state: "away", url };
  if (system.state === "broken") return { state: "stranger", url, why: system.why };
  if (system.status === 401 || system.status === 403) return { state: "refused", url };
  const view = system.body as Partial<SystemView> | undefined;
  if (system.status !== 200 || view?.daemon_version === undefined) {
    return { state: "stranger", url, why: `HTTP ${system.status}` };
  }
  const devices = await get(`${url}/api/v1/devices`, key);
  const list =
    devices.state === "answer" ? (devices.body as { devices?: DeviceView[] } | undefined) : undefined;
  return {
    state: "running",
    url,
    version: view.daemon_version,
    status: view.status ?? "unknown",
    devices: list?.devices ?? [],
  };
}

/** Flag or variable, else where the configuration says. */
export function baseUrl({ websocket }: Config, given: string | undefined): string {
  if (given !== undefined)
    return new URL(given).origin.replace(/^ws/, "http") || given.replace(/^ws/, "http");
  const host = /^(0\.0\.0\.0|::)$/.test(websocket.host) ? "localhost" : websocket.host;
  const name = host.includes(":") ? `[${host}]` : host;
  return `${websocket.tls ? "https" : "http"}://${name}:${websocket.port}`;
}

type Answer =
  | { state: "away" }
  | { state: "broken"; why: string }
  | { state: "answer"; status: number; body: unknown };

function get(url: string, key: string | undefined): Promise<Answer> {
  const send = url.startsWith("https:") ? https.request : http.request;
  return new Promise((resolve) => {
    const request = send(
      url,
      {
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
        agent: false,
        timeout: PATIENCE_MS,
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ state: "answer", status: response.statusCode ?? 0, body: parsed(text) }),
        );
      },
    );
    request.on("timeout", () => request.destroy(new Error(`silent for ${PATIENCE_MS / 1000} s`)));
    request.on("error", ({ message, code }: NodeJS.ErrnoException) =>
      resolve(code === "ECONNREFUSED" ? { state: "away" } : { state: "broken", why: message }),
    );
    request.end();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the answer is a stranger's
  }
}
