import type {Script} from '../../source/demo/script.ts';
import {startBridged, type bridgedDialects} from './bridge-upstream.ts';
import {makeCodex, type CodexSetup} from './codex.ts';
import {startEngine} from './engine.ts';

/** The real Codex, an engine, and a strict upstream of another dialect as its only provider. */
export const bridgedCodex = async (
	dialect: (typeof bridgedDialects)[number],
	script: Script,
	setup: Partial<CodexSetup> = {},
) => {
	const upstream = await startBridged(dialect, script);
	const engine = await startEngine({codex: [upstream]});
	return {upstream, engine, codex: makeCodex({url: engine.url, ...setup})};
};
