import type { Clock } from "../../shared/clock.ts";
import type { Bus } from "../bus.ts";
import type { Config } from "../config-schema.ts";
import type { EventLog } from "../event-log.ts";
import type { Log } from "../log.ts";
import type { NewAlert } from "../publisher.ts";
import type {
  AlertService,
  ConfigService,
  DeviceService,
  HookService,
  JobService,
  SystemService,
} from "../services.ts";
import type { RobotKeys } from "./orchestrator/tokens.ts";
import type { Spool } from "./spool.ts";

/** What the rest of the daemon lends to the server. */
export interface ServerParts {
  readonly config: Config;
  readonly bus: Bus;
  readonly eventLog: EventLog;
  readonly jobs: JobService;
  /** Where uploads lie until they are jobs. */
  readonly spool: Spool;
  readonly devices: DeviceService;
  readonly system: SystemService;
  readonly alerts: AlertService;
  readonly configuration: ConfigService;
  readonly hooks: HookService;
  readonly log: Log;
  readonly clock: Clock;
  /** Keys for the orchestrator streams beside JWTs. */
  readonly robotKeys: RobotKeys;
  /** Publishes what the server itself notices: a spike of connections, the limit near. */
  readonly alert?: (alert: NewAlert) => void;
  /** … and that it is over. */
  readonly alertOver?: (key: string, message: string) => void;
  /** Read for `JWT_DEV_MODE`; the process's own when missing. */
  readonly env?: NodeJS.ProcessEnv;
}
