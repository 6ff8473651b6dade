import { readFile } from "node:fs/promises";
import { PlottyError } from "../../shared/errors.ts";
import { parseAddress } from "../client/address.ts";
import { createApi } from "../client/api.ts";
import { followJob } from "../client/follow-job.ts";
import { print, type Session, say } from "../session.ts";
import { JobLines } from "../text/job-lines.ts";
import { type CommonOptions, themeFor } from "./context.ts";
import { startOwnDaemon } from "./own-daemon.ts";

const DRAWING = new URL("../examples/demo.svg", import.meta.url);
const DRAWING_NAME = "demo.svg";
/** The bundled drawing then takes some 20 s. */
const DEFAULT_SPEED = "5";

/** `plotty demo`: everything on one screen and nothing needed: a daemon of its own, a virtual plotter, a drawing. */
export async function demo(outer: Session, options: CommonOptions & { speed?: string }): Promise<number> {
  const speed = Number(options.speed ?? DEFAULT_SPEED);
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new PlottyError("usage.invalid", `--speed is a number above 0, not "${options.speed}"`);
  }
  const svg = await readFile(DRAWING);
  say(outer, `a virtual plotter draws the bundled drawing, ${speed} times as fast as a real one`);
  const daemon = await startOwnDaemon(outer, speed);
  const session = { ...outer, signal: AbortSignal.any([outer.signal, daemon.gone]) };
  try {
    const api = createApi(parseAddress(daemon.url), session.signal);
    const submit = () => api.submit(svg, { name: DRAWING_NAME });
    if (!isTerminal(session)) return await followInLines(session, options, api, submit);
    const job = await submit();
    const { showJobOnScreen } = await import("../monitor/screen.ts");
    await showJobOnScreen(session, { ...options, url: daemon.url }, job.id);
    return await finish(session, await api.job(job.id));
  } finally {
    await daemon.stop();
  }
}

type Api = ReturnType<typeof createApi>;
type Job = Awaited<ReturnType<Api["job"]>>;

async function followInLines(
  session: Session,
  options: CommonOptions,
  api: Api,
  submit: () => Promise<Job>,
): Promise<number> {
  const lines = new JobLines(session, themeFor(session, options, session.stderr));
  return finish(session, await followJob(api, { submit }, lines, session.signal));
}

async function finish(session: Session, job: Job): Promise<number> {
  await print(session, `${job.id} ${job.state}${job.state === "COMPLETED" ? "" : `: ${job.reason}`}`);
  return job.state === "COMPLETED" ? 0 : 1;
}

function isTerminal(session: Session): boolean {
  return session.stdout.isTTY === true && session.stdin.isTTY === true && session.env.TERM !== "dumb";
}
