import {expect} from 'vitest';
import type {RefusalCode} from '../../source/demo/strict/refuse.ts';
import type {JsonObject, Script} from '../../source/demo/script.ts';
import {
	startScriptedUpstream,
	type RecordedRequest,
	type ScriptedUpstream,
	type ScriptedUpstreamOptions,
} from '../../source/demo/scripted-upstream.ts';

/** The credential of upstreams that `startUpstream` made. */
export const upstreamKey = 'sk-upstream-key';

/** Starts a scripted upstream for a test: speaks Responses and wants {@link upstreamKey} unless the options say otherwise. */
export const startUpstream = async (
	script: Script,
	options: Partial<ScriptedUpstreamOptions> = {},
): Promise<ScriptedUpstream> =>
	startScriptedUpstream({name: 'upstream', dialect: 'responses', key: upstreamKey, script, ...options});

/** Fails the test on any refusal that is not one of `expected` (each code given once for each refusal, in any order). */
export const expectNoRefusals = (upstream: ScriptedUpstream, expected: readonly RefusalCode[] = []): void => {
	const left = [...expected];
	const surprises = upstream.refusals.filter(({code}) => {
		const place = left.indexOf(code);
		if (place === -1) {
			return true;
		}

		left.splice(place, 1);
		return false;
	});
	expect(
		surprises.map(({code, message, requestIndex}) => ({code, message, requestIndex})),
		`upstream ${upstream.name} refused requests`,
	).toEqual([]);
};

/** The newest request; fails the test where none came. */
export const lastRequest = ({name, requests}: ScriptedUpstream): RecordedRequest => {
	const last = requests.at(-1);
	if (last === undefined) {
		throw new Error(`No request has reached upstream ${name}.`);
	}

	return last;
};

/** A short request body for Responses: one prompt of the user, or the given input. */
export const responsesBody = (prompt: string, extra: JsonObject = {}): JsonObject => ({
	model: 'gpt-5.5',
	stream: true,
	input: [{type: 'message', role: 'user', content: [{type: 'input_text', text: prompt}]}],
	...extra,
});

/** Posts a body to an upstream with its credential; `headers` are added or replace. */
export const post = async (
	upstream: ScriptedUpstream,
	body: JsonObject,
	headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
	fetch(`${upstream.url}/responses`, {
		method: 'POST',
		headers: {authorization: `Bearer ${upstreamKey}`, 'content-type': 'application/json', ...headers},
		body: JSON.stringify(body),
	});

/** The parsed `data` of all events in a stream's text; throws where one is no JSON. */
export const readEvents = (text: string): readonly JsonObject[] =>
	text
		.split('\n\n')
		.filter(block => block.trim() !== '')
		.map(block => JSON.parse(block.replace(/^event: [^\n]*\ndata: /, '')));
