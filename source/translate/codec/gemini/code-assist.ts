import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';

/** What Code Assist wants beside a generateContent body (translation.md 3.7). */
export interface CodeAssistEnvelope {
	readonly model: string;
	/** The Cloud project of the user's login; left out where it is unknown. */
	readonly project: string | undefined;
	readonly userPromptId: string;
	/** Stable per conversation. */
	readonly sessionId: string | undefined;
}

/** A generateContent body in the wrapper of `v1internal:streamGenerateContent`. The decoder takes the answers' wrapper off itself. */
export const wrapCodeAssist = (
	body: JsonObject,
	{model, project, userPromptId, sessionId}: CodeAssistEnvelope,
): JsonObject =>
	compact({model, project, user_prompt_id: userPromptId, request: compact({...body, session_id: sessionId})});
