import {isObject, objectsOf, stringOf, type SeenRequest} from '../read-request.ts';
import {fault, type Fault} from './refuse.ts';
import type {JsonObject} from '../script.ts';
import type {Seal} from '../seal.ts';

/*
 * What the real Responses API refuses. The allowed keys are the documented ones of `POST /responses` and those that Codex 0.169
 * was seen to send (codex-wire.md 1), nothing else: a key that a proxy adds or forgets to take out shows as a 400.
 */

const allowedKeys = new Set([
	'background',
	'client_metadata',
	'context_management',
	'conversation',
	'include',
	'input',
	'instructions',
	'max_output_tokens',
	'max_tool_calls',
	'metadata',
	'model',
	'parallel_tool_calls',
	'previous_response_id',
	'prompt',
	'prompt_cache_key',
	'prompt_cache_retention',
	'reasoning',
	'safety_identifier',
	'service_tier',
	'store',
	'stream',
	'stream_options',
	'temperature',
	'text',
	'tool_choice',
	'tools',
	'top_logprobs',
	'top_p',
	'truncation',
	'user',
]);

const knownItems = new Set([
	'message',
	'reasoning',
	'function_call',
	'function_call_output',
	'custom_tool_call',
	'custom_tool_call_output',
	'tool_search_call',
	'tool_search_output',
	'web_search_call',
	'image_generation_call',
	'additional_tools',
	'agent_message',
	'compaction',
	'compaction_summary',
	'compaction_trigger',
	'item_reference',
]);

/** Which output answers which call; `tool_search_call` is answered too where the client executes it. */
const outputOf: Readonly<Record<string, string>> = {
	function_call: 'function_call_output',
	custom_tool_call: 'custom_tool_call_output',
};

const checkKeys = (body: JsonObject, allowed: ReadonlySet<string>): readonly Fault[] =>
	Object.keys(body)
		.filter(key => !allowed.has(key))
		.map(key => fault('unknown-key', `Unknown parameter: '${key}'.`, {wireCode: 'unknown_parameter'}));

/** The allow-list of `POST /responses/compact` (codex-helper.md 2.2(9)): whatever else a turn has is refused there. */
const compactKeys = new Set([
	'model',
	'input',
	'instructions',
	'tools',
	'parallel_tool_calls',
	'reasoning',
	'service_tier',
	'prompt_cache_key',
	'text',
]);

const checkFields = (body: JsonObject): readonly Fault[] => [
	...(typeof body['model'] === 'string' && body['model'] !== ''
		? []
		: [fault('bad-field', "Missing required parameter: 'model'.", {wireCode: 'missing_required_parameter'})]),
	...(typeof body['input'] === 'string' || Array.isArray(body['input'])
		? []
		: [fault('bad-field', "Invalid type for 'input'.", {wireCode: 'invalid_type'})]),
	...objectsOf(body['input'])
		.filter(item => item['type'] !== undefined && !knownItems.has(stringOf(item['type'])))
		.map(item => fault('bad-field', `Invalid value: '${stringOf(item['type'])}' as an input item's type.`)),
];

const checkCalls = (items: readonly JsonObject[]): readonly Fault[] => {
	const faults: Fault[] = [];
	const open = new Map<string, string>();
	const seen = new Set<string>();
	for (const item of items) {
		const type = stringOf(item['type']);
		const callId = stringOf(item['call_id']);
		const output = outputOf[type];
		if (output !== undefined) {
			open.set(`${output} ${callId}`, type.replaceAll('_', ' '));
			seen.add(`${output} ${callId}`);
		} else if (Object.values(outputOf).includes(type)) {
			if (!seen.has(`${type} ${callId}`)) {
				const name = type.replaceAll('_', ' ');
				faults.push(fault('orphan-tool-output', `No tool call found for ${name} with call_id ${callId}.`));
			}

			open.delete(`${type} ${callId}`);
		}
	}

	for (const [key, type] of open) {
		faults.push(fault('missing-tool-output', `No tool output found for ${type} ${key.split(' ')[1] ?? ''}.`));
	}

	return faults;
};

const checkState = (items: readonly JsonObject[], seal: Seal): readonly Fault[] =>
	items.flatMap((item, index) => {
		const value = item['encrypted_content'];
		// Only the item's own field is the model's state; Codex copies plain text into parts of `agent_message` under the same name.
		const isOurs = typeof value !== 'string' || seal.verify('reasoning', value);
		const text = `The encrypted content of input[${index}] could not be verified.`;
		return isOurs ? [] : [fault('foreign-encrypted-content', text, {wireCode: 'invalid_encrypted_content'})];
	});

const checkTurnState = ({headers}: SeenRequest, seal: Seal): readonly Fault[] => {
	const value = headers['x-codex-turn-state'];
	const isOurs = value === undefined || (typeof value === 'string' && seal.verify('turn-state', value));
	return isOurs ? [] : [fault('foreign-turn-state', 'This x-codex-turn-state was not issued here.')];
};

/** The faults of a request to `POST /responses` or `/responses/compact`, in the order in which they are answered. */
export const checkResponses = (request: SeenRequest, seal: Seal): readonly Fault[] => {
	if (!isObject(request.parsed)) {
		return [fault('bad-json', 'The body is not a JSON object.')];
	}

	const items = objectsOf(request.parsed['input']);
	if (request.path.split('?')[0]?.endsWith('/compact') === true) {
		const isJson = request.headers.accept === 'application/json';
		return [
			...checkKeys(request.parsed, compactKeys),
			...checkFields(request.parsed),
			...(isJson ? [] : [fault('bad-field', 'A compact is answered as application/json only; Accept names another.')]),
			...checkState(items, seal),
		];
	}

	return [
		...checkKeys(request.parsed, allowedKeys),
		...checkFields(request.parsed),
		...checkTurnState(request, seal),
		...checkState(items, seal),
		...checkCalls(items),
	];
};
