import {isJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';

/* Code Assist wraps what generateContent says into an envelope of its own, in both directions (translation.md 3.7). */

/** What the envelope says besides the request. */
export interface CodeAssistEnvelope {
	readonly model: string;
	/** The Google Cloud project; left out where it is not known. */
	readonly project: string | undefined;
	/** Stable for one prompt of the user. */
	readonly userPromptId: string;
	/** Stable for one conversation. */
	readonly sessionId: string | undefined;
}

/** A generateContent body as Code Assist takes it. */
export const wrapCodeAssist = (body: JsonObject, envelope: CodeAssistEnvelope): JsonObject =>
	compact({
		model: envelope.model,
		project: envelope.project,
		user_prompt_id: envelope.userPromptId,
		request: compact({...body, session_id: envelope.sessionId}),
	});

/** The path and query of a call, behind the base URL. */
export const codeAssistPath = (stream: boolean): string =>
	`/v1internal:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;

/** A chunk or an answer without the envelope, where it has one; the trace is its id. */
export const unwrapCodeAssist = (chunk: JsonObject): JsonObject => {
	const {response} = chunk;
	return isJsonObject(response) ? compact({responseId: textField(chunk, 'traceId'), ...response}) : chunk;
};
