import {execCommand, message, reasoning, stream, type Script} from '../../source/demo/script.ts';

const call = stream([reasoning('**Running a command**'), execCommand('echo tool-ran')], {
	usage: {inputTokens: 300_000},
});
const last = stream([message('Done after the compaction.')]);

/**
 * A tool call whose usage is over the limit, so that Codex compacts in the middle of the turn, then an answer. Needs
 * `model_auto_compact_token_limit = 50000`. A provider of any name but "OpenAI" asks for a summary as a message.
 */
export const codexCompact: Script = [
	{match: {promptContains: 'CONTEXT CHECKPOINT COMPACTION'}, answer: stream([message('SUMMARY: one command ran.')])},
	{times: 1, answer: call},
	{answer: last},
];

/** The same for a provider named "OpenAI": the request ends with a `compaction_trigger`, the answer is one `compaction` item. */
export const codexCompactRemote: Script = [
	{
		match: {kind: 'compaction'},
		answer: stream([{type: 'item', item: {type: 'compaction', encrypted_content: '$seal'}}]),
	},
	{times: 1, answer: call},
	{answer: last},
];
