// The behaviours of every page. Each one adds to a page that already works without it.
import htmx from "htmx.org";
import { start as batches } from "./batch.js";
import { start as dialogs } from "./dialogs.js";
import { start as drafts } from "./drafts.js";
import { start as drops } from "./drop.js";
import { start as errors } from "./errors.js";
import { start as folds } from "./folds.js";
import { start as look } from "./look.js";
import { start as menus } from "./menus.js";
import { start as notes } from "./notes.js";
import { start as search } from "./search.js";
import { start as securityKeys } from "./security-key.js";

Object.assign(htmx.config, {
  allowEval: false, // the content policy forbids it anyway
  allowScriptTags: false,
  includeIndicatorStyles: false, // would be an inline style
  historyCacheSize: 0, // no page with a child's record stays in the browser's storage
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollIntoViewOnBoost: false,
  timeout: 30000,
  // A refused form comes back with its errors and is shown; other failures are told in a note.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

for (const begin of [look, menus, folds, dialogs, errors, batches, drafts, drops, notes, search, securityKeys]) begin();
