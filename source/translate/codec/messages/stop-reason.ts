import type {FinishReason} from '../ir-event.ts';

/** What a `stop_reason` means (translation.md 3.2); `too-long`: the conversation does not fit any more. Unknown ones are `stop`. */
const stopReasons: Readonly<Record<string, FinishReason | 'too-long'>> = {
	end_turn: 'stop',
	stop_sequence: 'stop',
	compaction: 'stop',
	tool_use: 'calls',
	max_tokens: 'length',
	refusal: 'filter',
	pause_turn: 'pause',
	model_context_window_exceeded: 'too-long',
};

/** What M `stop_reason` means. */
export const readStopReason = (raw: string): FinishReason | 'too-long' => stopReasons[raw] ?? 'stop';

/** M `stop_reason` of an end; a stop sequence stays one, although nobody says which it was. */
export const writeStopReason = (reason: FinishReason, raw: string | undefined): string => {
	switch (reason) {
		case 'stop': {
			return raw === 'stop_sequence' ? raw : 'end_turn';
		}

		case 'calls': {
			return 'tool_use';
		}

		case 'length': {
			return 'max_tokens';
		}

		case 'filter': {
			return 'refusal';
		}

		case 'pause': {
			return 'pause_turn';
		}
	}
};
