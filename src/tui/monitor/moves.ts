import { LOOK_AT_ALL } from "../../shared/plan-view.ts";
import type { Action } from "./keymap.ts";
import { PANES } from "./layout.ts";
import { moveLook, zoomLook } from "./look.ts";
import type { View, ViewState } from "./view.ts";

type Change = Partial<ViewState>;

/** What a key changes that only moves, opens or asks. Nothing for an action that somebody else has to do. */
export function moved(action: Action, view: View): Change | undefined {
  return MOVES[action]?.(view);
}

const MOVES: Partial<Record<Action, (view: View) => Change>> = {
  up: (view) => step(view, 0, -1),
  down: (view) => step(view, 0, 1),
  left: (view) => step(view, -1, 0),
  right: (view) => step(view, 1, 0),
  first: (view) => selectAt(view, 0),
  last: (view) => selectAt(view, view.lines - 1),
  nextPane: (view) => turnBy(view, 1),
  previousPane: (view) => turnBy(view, -1),
  open: ({ job, isOpen }) => ({ isOpen: job !== undefined && !isOpen }),
  back,
  help: () => ({ helpFrom: 0 }),
  cancel: ({ job }) => (job ? { asked: { verb: "cancel", job } } : {}),
  add: () => ({ prompt: { kind: "add", text: "" } }),
  filter: ({ filter }) => ({ prompt: { kind: "filter", text: filter } }),
  command: () => ({ prompt: { kind: "command", text: "" } }),
  zoomIn: ({ look }) => ({ look: zoomLook(look, 1.5) }),
  zoomOut: ({ look }) => ({ look: zoomLook(look, 1 / 1.5) }),
  fit: () => ({ look: LOOK_AT_ALL }),
  travel: ({ showsTravel }) => ({ showsTravel: !showsTravel }),
};

function step(view: View, dx: number, dy: number): Change {
  if (view.isOpen || view.focus === "drawing") return { look: moveLook(view.look, dx, dy) };
  return dy === 0 ? {} : selectAt(view, view.line + dy);
}

function selectAt({ focus, jobs, places, lines }: View, to: number): Change {
  const place = Math.max(0, Math.min(lines - 1, to));
  return focus === "jobs" ? { selectedId: jobs[place]?.id } : { places: { ...places, [focus]: place } };
}

function turnBy({ focus }: View, by: number): Change {
  return { focus: PANES[(PANES.indexOf(focus) + by + PANES.length) % PANES.length]! };
}

/** Out of what was entered last: the opened job, the filter, the enlarged drawing, the pane. */
function back({ isOpen, filter, look, focus }: View): Change {
  if (isOpen) return { isOpen: false };
  if (filter !== "") return { filter: "" };
  if (look.zoom !== 1 && focus === "drawing") return { look: LOOK_AT_ALL };
  return { focus: "jobs" };
}
