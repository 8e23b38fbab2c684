// Runs before the first paint: light or dark and the size of letters, as this device was last told.
import { apply } from "./look.js";

document.documentElement.classList.add("scripted");
apply();
