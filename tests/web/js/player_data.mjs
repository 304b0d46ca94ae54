/** What Python says: scenes, themes, texts, looks and lines, from the file that CONVVIZ_PLAYER_DATA names. */

import { readFileSync } from "node:fs";

const path = process.env.CONVVIZ_PLAYER_DATA;
if (!path) throw new Error("CONVVIZ_PLAYER_DATA names no file; run these tests through pytest tests/web/test_player_twins.py");

export const data = JSON.parse(readFileSync(path, "utf-8"));
