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
import { textFrame } from "../frame.ts";
import type { OutFrame } from "../outbox.ts";
import { DayFigures } from "./day-figures.ts";
import { Robots } from "./robots.ts";
import { ROBOT_JOB_STATE, ROBOT_STATE } from "./vocabulary.ts";

/** Someone who hears one of the streams. */
export interface StreamMember {
  deliver(frame: OutFrame): void;
}

export interface StreamSources {
  readonly devices: DeviceService;
  readonly system: SystemService;
  readonly eventLog: EventLog;
  readonly clock: Clock;
}

/** How often robots and the queue's depth are told again, ms. */
const HEARTBEAT_MS = 5000;

/** What the orchestrator's four streams carry. */
export class Streams {
  readonly #sources: StreamSources;
  readonly #robots: Robots;
  readonly #day: DayFigures;
  readonly jobs = new Set<StreamMember>();
  readonly robots = new Set<StreamMember>();
  readonly queue = new Set<StreamMember>();
  #depth: number;
  #cancelHeartbeat: () => void = () => {};
  #depthIsDue = false;

  constructor(sources: StreamSources) {
    this.#sources = sources;
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
      return send(this.queue, depthFrame({ depth: event.depth, timestamp: at }));
    const { robot_id, status, cpu_percent, memory_mb } = event;
    const robot = { robot_id, status, cpu_percent, memory_mb, timestamp: at };
    this.#robots.report(robot);
    send(this.robots, robotFrame(robot));
  }

  tellRobots(to: Iterable<StreamMember>): void {
    for (const robot of this.#robots.list()) send(to, robotFrame(robot));
  }

  tellDepth(to: Iterable<StreamMember>): void {
    this.#depth = this.#sources.system.view().queue_length;
    send(to, depthFrame({ depth: this.#depth, timestamp: this.#now() }));
  }

  tellMetrics(to: Iterable<StreamMember>, environment: string): void {
    const metrics = this.#metrics(environment);
    send(to, { type: "metrics", replaces: "metrics", frame: textFrame(JSON.stringify(metrics)) });
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
      if (this.robots.size > 0) this.tellRobots(this.robots);
      if (this.queue.size > 0) this.tellDepth(this.queue);
      this.#beat();
    });
  }

  #tellJob(job_id: string, status: LiveJob["status"], at: string): void {
    const job: LiveJob = { job_id, status, timestamp: at };
    send(this.jobs, { type: "live_job", replaces: null, frame: textFrame(JSON.stringify(job)) });
  }

  #tellRobot(id: string, status: RobotStatus["status"]): void {
    const robot = this.#robots.list().find(({ robot_id }) => robot_id === id);
    if (robot) send(this.robots, robotFrame({ ...robot, status }));
  }

  /** Once the turn is over: several jobs may change in one. */
  #noteDepth(): void {
    if (this.#depthIsDue) return;
    this.#depthIsDue = true;
    setImmediate(() => {
      this.#depthIsDue = false;
      const before = this.#depth;
      if (this.#sources.system.view().queue_length !== before) this.tellDepth(this.queue);
    });
  }

  #now(): string {
    return timestamp(this.#sources.clock);
  }
}

function send(to: Iterable<StreamMember>, frame: OutFrame): void {
  for (const member of to) member.deliver(frame);
}

function robotFrame(robot: RobotStatus): OutFrame {
  return {
    type: "robot_status",
    replaces: `robot ${robot.robot_id}`,
    frame: textFrame(JSON.stringify(robot)),
  };
}

function depthFrame(depth: QueueDepth): OutFrame {
  return { type: "queue_depth", replaces: "depth", frame: textFrame(JSON.stringify(depth)) };
}
