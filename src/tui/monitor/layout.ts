export const PANES = ["jobs", "drawing", "machines", "alerts", "events", "statistics"] as const;
export type PaneName = (typeof PANES)[number];

/** Of the terminal, in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Counts {
  readonly jobs: number;
  readonly devices: number;
  readonly alerts: number;
}

/** Rows of content that each pane gets; its title comes on top. 0: the pane is dropped. */
export interface Layout {
  readonly jobs: number;
  readonly devices: number;
  readonly alerts: number;
}

/** Header, footer and the line that tells about the selected job. */
export const FRAME_ROWS = 3;
const TITLE_ROWS = 1;
const MOST_DEVICES = 8;

/**
 * Shares the screen's rows out: to the jobs first, then the machines, then the alerts. A pane that would get no row is
 * dropped, not squeezed.
 *
 * @param rows of the terminal @param counts what there is to show; -1 for a pane that is not wanted
 */
export function shareRows(rows: number, counts: Counts): Layout {
  let left = Math.max(0, rows - FRAME_ROWS);
  const take = (wanted: number) => {
    const content = Math.max(0, Math.min(wanted, left - TITLE_ROWS));
    if (content > 0) left -= content + TITLE_ROWS;
    return content;
  };
  const leastJobs = counts.jobs < 0 ? 0 : take(Math.max(1, Math.min(counts.jobs, Math.floor(left / 3))));
  const devices = counts.devices < 0 ? 0 : take(Math.min(MOST_DEVICES, Math.max(1, counts.devices)));
  const alerts = counts.alerts < 0 ? 0 : take(Math.max(1, Math.min(counts.alerts, Math.ceil(left / 3))));
  if (leastJobs === 0) return { jobs: 0, devices, alerts: alerts === 0 ? 0 : alerts + left };
  return { jobs: leastJobs + left, devices, alerts };
}

/** The first row to show, so that the selected one is among the `shown`. */
export function scrollTo(selected: number, count: number, shown: number): number {
  const last = Math.max(0, count - shown);
  return Math.min(last, Math.max(0, selected - Math.floor(shown / 2)));
}
