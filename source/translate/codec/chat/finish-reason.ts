import type {FinishReason} from '../ir-event.ts';

/** What a finish reason means (translation.md 2.8); unknown ones are `stop`, and the raw word is kept. */
const finishReasons: Readonly<Record<string, FinishReason | 'error'>> = {
	tool_calls: 'calls',
	function_call: 'calls',
	tool_use: 'calls',
	length: 'length',
	max_tokens: 'length',
	model_length: 'length',
	token_limit: 'length',
	content_filter: 'filter',
	sensitive: 'filter',
	safety: 'filter',
	refusal: 'filter',
	blocked: 'filter',
	error: 'error',
	network_error: 'error',
	insufficient_system_resource: 'error',
	abort: 'error',
	malformed_function_call: 'error',
};

/** What a Chat `finish_reason` means; `error`: the answer failed. */
export const readFinishReason = (raw: string): FinishReason | 'error' =>
	finishReasons[raw.trim().toLowerCase()] ?? 'stop';
