import {onTestFinished} from 'vitest';
import type {Script} from '../../source/demo/script.ts';
import type {ScriptedUpstream, ScriptedUpstreamOptions} from '../../source/demo/scripted-upstream.ts';
import {localToken} from './engine.ts';
import {startUpstream} from './upstream.ts';

/** A scripted upstream for one test: it never accepts the local token anywhere, and is closed when the test ends. */
export const startFar = async (
	name: string,
	script: Script,
	options: Partial<ScriptedUpstreamOptions> = {},
): Promise<ScriptedUpstream> => {
	const upstream = await startUpstream(script, {name, forbiddenSecrets: [localToken], ...options});
	onTestFinished(() => upstream.close());
	return upstream;
};
