/** Numbers and times as people read them. */

/** `7 s`, `2 m 05 s`, `1 h 03 m`. @param seconds 0 or more */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${twoDigits(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${twoDigits(Math.floor((whole % 3600) / 60))} m`;
}

/** Whole per cent, cut off: 100 % is said of what is done. @param share 0…1 */
export function formatPercent(share: number): string {
  return `${Math.min(100, Math.max(0, Math.floor(share * 100 + 1e-9)))}%`;
}

/** Local time of day, `14:03`. @param at RFC 3339 or ms since 1970 */
export function formatClock(at: string | number): string {
  const time = new Date(at);
  return `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`;
}

/** Local date and time, `2026-11-22 14:03:59`. @param at RFC 3339 */
export function formatTime(at: string): string {
  const time = new Date(at);
  const date = `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`;
  return `${date} ${formatClock(at)}:${twoDigits(time.getSeconds())}`;
}

/** `3 m ago`. @param at RFC 3339 @param nowMs ms since 1970 */
export function formatAge(at: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(at)) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

/** `850 mm`, `12.3 m`. */
export function formatLength(mm: number): string {
  return mm < 1000 ? `${Math.round(mm)} mm` : `${(mm / 1000).toFixed(1)} m`;
}

export function formatPosition(position: { x: number; y: number } | null): string {
  return position === null ? "unknown" : `${position.x.toFixed(1)}, ${position.y.toFixed(1)} mm`;
}

/** A message in one line, whatever its sender put into it: no line breaks, no terminal control, nothing that turns the line around. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\x00-\x1f\x7f-\x9f\p{Bidi_Control}]/gu, "")
    .trim();
}

function twoDigits(n: number): string {
  return String(n).padStart(2, "0");
}
