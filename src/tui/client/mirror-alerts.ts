import type { AlertView } from "../../shared/http-messages.ts";
import type { SystemAlert } from "../../shared/ws-messages.ts";
import type { Mirror } from "./mirror.ts";

export const ALERTS_KEPT = 200;

export function withAlert(alerts: readonly SystemAlert[], alert: SystemAlert): readonly SystemAlert[] {
  if (alerts.some(({ id }) => id === alert.id)) return alerts;
  return [...alerts, alert].slice(-ALERTS_KEPT);
}

export function withOpenAlerts(
  mirror: Mirror,
  open: readonly AlertView[],
  known: readonly SystemAlert[],
): Mirror {
  const openIds = new Set(open.map(({ id }) => id));
  const knownIds = new Set(mirror.alerts.map(({ id }) => id));
  const over = known.filter(({ id }) => !openIds.has(id) && !mirror.settled.has(id));
  const unknown = open.filter(({ id }) => !knownIds.has(id)).map(asEvent);
  if (over.length === 0 && unknown.length === 0) return mirror;
  const alerts = [...unknown, ...mirror.alerts].sort((a, b) => a.timestamp.localeCompare(b.timestamp));
  const kept = alerts.slice(-ALERTS_KEPT);
  const ids = new Set([...mirror.settled, ...over.map(({ id }) => id)]);
  const settled = new Set(kept.flatMap(({ id }) => (ids.has(id) ? [id] : [])));
  return { ...mirror, alerts: kept, settled };
}

/** An alert from before this client listened; what asks for its number does not show it. */
function asEvent({
  id,
  level,
  source,
  message,
  details,
  job_id,
  device_id,
  raised_at,
}: AlertView): SystemAlert {
  const about = { ...(job_id === null ? {} : { job_id }), ...(device_id === null ? {} : { device_id }) };
  return {
    type: "system_alert",
    timestamp: raised_at,
    level,
    message,
    details,
    id,
    source,
    ...about,
    seq: 0,
  };
}
