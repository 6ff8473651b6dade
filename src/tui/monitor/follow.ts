import { PlottyError } from "../../shared/errors.ts";
import { isFinished } from "../../shared/job-machine.ts";
import type { ServerFrame } from "../../shared/ws-messages.ts";
import { Connection, type Link } from "../client/connection.ts";
import { isEvent } from "../client/vocabulary.ts";
import { addressOf, apiOf, themeFor } from "../commands/context.ts";
import type { Watch } from "../commands/monitor.ts";
import { type Session, say } from "../session.ts";
import { eventLine, stateLines } from "../text/event-line.ts";
import { LineWriter } from "../text/line-writer.ts";
import { stateRecords } from "./once.ts";
import { UntilWatch } from "./until.ts";

/**
 * Every event as a line, for ever: JSON exactly as received, or words. The current state comes first. A slow reader
 * stops the reading of the socket, so nothing piles up; a daemon that goes away is waited for.
 */
export function follow(session: Session, watch: Watch): Promise<number> {
  return new Promise((resolve, reject) => {
    const theme = themeFor(session, watch, session.stdout);
    const address = addressOf(session, watch);
    const writer = new LineWriter(
      session.stdout,
      () => connection.pause(),
      () => connection.resume(),
    );
    const until = new UntilWatch(watch.until);
    let timer: NodeJS.Timeout | undefined;

    const end = (finish: () => void) => {
      clearTimeout(timer);
      session.signal.removeEventListener("abort", onAbort);
      connection.close();
      void writer.drained().then(finish);
    };
    const onAbort = () => end(() => reject(session.signal.reason));
    const onVerdict = (exitCode: number | undefined) => {
      if (exitCode !== undefined) end(() => resolve(exitCode));
    };

    const tell = watch.format === "json" ? tellJson : tellText;
    function tellJson(frame: ServerFrame, text: string): void {
      if (frame.type === "snapshot") for (const line of stateRecords(frame)) writer.write(line);
      else if (isEvent(frame) || frame.type === "gap") writer.write(text);
    }
    function tellText(frame: ServerFrame): void {
      if (frame.type === "snapshot") {
        for (const line of stateLines(frame.system, frame.devices, frame.jobs, theme)) writer.write(line);
      } else {
        const line = eventLine(frame, theme);
        if (line !== undefined) writer.write(line);
      }
    }

    const connection = new Connection({
      address,
      channels: watch.channels,
      jobId: watch.jobId,
      level: watch.level,
      snapshot: "first",
      onFrame(frame, text) {
        if (frame.type === "error") say(session, `plotty: the daemon says: ${frame.message}`);
        tell(ofInterest(frame, watch), text);
        onVerdict(until.see(frame));
      },
      onLink(link) {
        sayLink(session, link, address.wsUrl);
        if (link.state === "refused") end(() => reject(link.error));
        if (link.state === "live" && watch.until && watch.jobId !== undefined) {
          apiOf(session, watch)
            .job(watch.jobId)
            .then((job) => isFinished(job.state) && onVerdict(until.ended(job.state)))
            .catch((error) => end(() => reject(error)));
        }
      },
    });
    if (watch.timeoutMs !== undefined) timer = setTimeout(onTimeout, watch.timeoutMs);
    session.signal.addEventListener("abort", onAbort);

    function onTimeout(): void {
      if (!watch.until) return end(() => resolve(0));
      const waitedS = watch.timeoutMs! / 1000;
      end(() => reject(new PlottyError("internal", `not ${watch.until} within ${waitedS} s`)));
    }
  });
}

/** A snapshot holds everything; the filters of this call are applied to it here. */
function ofInterest(frame: ServerFrame, watch: Watch): ServerFrame {
  if (frame.type !== "snapshot") return frame;
  const jobs = frame.jobs.filter(({ id }) => watch.jobId === undefined || id === watch.jobId);
  return {
    ...frame,
    jobs: watch.channels.includes("jobs") ? jobs : [],
    devices: watch.channels.includes("device") ? frame.devices : [],
    system: watch.channels.includes("system") ? frame.system : (null as never),
  };
}

function sayLink(session: Session, link: Link, url: string): void {
  if (link.state === "lost" && link.retryInMs < 400) {
    say(session, `plotty: ${url}: ${link.reason}; trying again until it answers`);
  }
}
