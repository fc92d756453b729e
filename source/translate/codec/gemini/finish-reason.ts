import type {FinishReason} from '../ir-event.ts';

const endings: Readonly<Record<string, FinishReason | 'error'>> = {
	MAX_TOKENS: 'length',
	CONTINUATION: 'length',
	SAFETY: 'filter',
	RECITATION: 'filter',
	BLOCKLIST: 'filter',
	PROHIBITED_CONTENT: 'filter',
	SPII: 'filter',
	LANGUAGE: 'filter',
	MODEL_ARMOR: 'filter',
	MALFORMED_FUNCTION_CALL: 'error',
	UNEXPECTED_TOOL_CALL: 'error',
	OTHER: 'error',
	NO_IMAGE: 'error',
};

/** What a `finishReason` means (translation.md 3.6), `error`: the answer failed; an unknown one is `stop`, and the raw word is kept. */
export const readEnding = (raw: string): FinishReason | 'error' =>
	endings[raw] ?? (raw.startsWith('IMAGE_') ? 'filter' : 'stop');
