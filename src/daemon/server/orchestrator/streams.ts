import { type Clock, timestamp } from "../../../shared/clock.ts";
import type {
  LiveJob,
  PublishedEvent,
  QueueDepth,
  RobotMetrics,
  RobotStatus,
} from "../../../shared/robot-messages.ts";
import type { BusEvent } from "../../bus.ts";
import type { EventLog } from "../../event-log.ts";
import type { DeviceService, SystemService } from "../../services.ts";
import { Audience, type CastFrame } from "../audience.ts";
import { textFrame } from "../frame.ts";
import type { Traffic } from "../traffic.ts";
import { DayFigures } from "./day-figures.ts";
import { Robots } from "./robots.ts";
import { ROBOT_JOB_STATE, ROBOT_STATE } from "./vocabulary.ts";

export interface StreamSources {
  readonly devices: DeviceService;
  readonly system: SystemService;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly traffic: Traffic;
}

/** How often robots and the queue's depth are told again, ms. */
const HEARTBEAT_MS = 5000;

/** What the orchestrator's four streams carry. */
export class Streams {
  readonly #sources: StreamSources;
  readonly #robots: Robots;
  readonly #day: DayFigures;
  readonly jobs: Audience;
  readonly robots: Audience;
  readonly queue: Audience;
  #depth: number;
  #cancelHeartbeat: () => void = () => {};
  #depthIsDue = false;

  constructor(sources: StreamSources) {
    this.#sources = sources;
    const { clock, traffic } = sources;
    this.jobs = new Audience(clock, traffic);
    this.robots = new Audience(clock, traffic);
    this.queue = new Audience(clock, traffic);
    this.#robots = new Robots(sources.devices, sources.clock);
    this.#day = new DayFigures(sources.clock, sources.eventLog);
    this.#depth = sources.system.view().queue_length;
  }

  start(): void {
    this.#beat();
  }

  /** Takes in what happened in the daemon. */
  note(event: BusEvent): void {
    if (event.type === "job_claimed") this.#tellJob(event.job_id, "claimed", event.timestamp);
    if (event.type === "device_status" && event.seq !== undefined)
      this.#tellRobot(event.device_id, ROBOT_STATE[event.status]);
    if (event.type === "job_removed") this.#noteDepth();
    if (event.type !== "job_state_change") return;
    this.#day.note(event);
    this.#noteDepth();
    const before = event.from_state && ROBOT_JOB_STATE[event.from_state];
    const now = ROBOT_JOB_STATE[event.to_state];
    if (now !== before) this.#tellJob(event.job_id, now, event.timestamp);
  }

  /** Takes in what someone outside has published. */
  publish(event: PublishedEvent): void {
    const at = event.timestamp ?? this.#now();
    if (event.type === "job_status_changed") return this.#tellJob(event.job_id, event.status, at);
    if (event.type === "queue_depth_changed")
      return this.queue.tell(encodeDepth({ depth: event.depth, timestamp: at }));
    const { robot_id, status, cpu_percent, memory_mb } = event;
    const robot = { robot_id, status, cpu_percent, memory_mb, timestamp: at };
    this.#robots.report(robot);
    this.robots.tell(encodeRobot(robot));
  }

  /** Every robot as it is now. */
  robotFrames(): CastFrame[] {
    return this.#robots.list().map(encodeRobot);
  }

  depthFrame(): CastFrame {
    this.#depth = this.#sources.system.view().queue_length;
    return encodeDepth({ depth: this.#depth, timestamp: this.#now() });
  }

  metricsFrame(environment: string): CastFrame {
    return encode("metrics", "metrics", this.#metrics(environment));
  }

  /** Writes what is pending now. */
  flush(): void {
    for (const audience of [this.jobs, this.robots, this.queue]) audience.flush();
  }

  stop(): void {
    this.#cancelHeartbeat();
  }

  #metrics(environment: string): RobotMetrics {
    const { active_jobs, queue_length, uptime, daemon_version } = this.#sources.system.view();
    const { completed, failed, avgWaitMs } = this.#day.read();
    return {
      type: "metrics",
      timestamp: this.#now(),
      environment,
      data: {
        robots: this.#robots.counts(),
        jobs: {
          pending: queue_length,
          running: active_jobs,
          completed_today: completed,
          failed_today: failed,
        },
        queue: { depth: queue_length, avg_wait_time_ms: avgWaitMs },
        system: { uptime_seconds: uptime, version: daemon_version },
      },
    };
  }

  #beat(): void {
    this.#cancelHeartbeat = this.#sources.clock.after(HEARTBEAT_MS, () => {
      if (this.robots.size > 0) for (const frame of this.robotFrames()) this.robots.tell(frame);
      if (this.queue.size > 0) this.queue.tell(this.depthFrame());
      this.#beat();
    });
  }

  #tellJob(job_id: string, status: LiveJob["status"], at: string): void {
    const job: LiveJob = { job_id, status, timestamp: at };
    this.jobs.tell(encode("live_job", null, job));
  }

  #tellRobot(id: string, status: RobotStatus["status"]): void {
    const robot = this.#robots.list().find(({ robot_id }) => robot_id === id);
    if (robot) this.robots.tell(encodeRobot({ ...robot, status }));
  }

  /** Once the turn is over: several jobs may change in one. */
  #noteDepth(): void {
    if (this.#depthIsDue) return;
    this.#depthIsDue = true;
    setImmediate(() => {
      this.#depthIsDue = false;
      const before = this.#depth;
      if (this.#sources.system.view().queue_length !== before) this.queue.tell(this.depthFrame());
    });
  }

  #now(): string {
    return timestamp(this.#sources.clock);
  }
}

function encodeRobot(robot: RobotStatus): CastFrame {
  return encode("robot_status", `robot ${robot.robot_id}`, robot);
}

function encodeDepth(depth: QueueDepth): CastFrame {
  return encode("queue_depth", "depth", depth);
}

function encode(type: string, replaces: string | null, message: object): CastFrame {
  return { type, replaces, seq: 0, frame: textFrame(JSON.stringify(message)) };
}
