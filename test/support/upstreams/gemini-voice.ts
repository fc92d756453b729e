import {isObject, objectsOf, stringOf, type SeenRequest} from '../../../source/demo/read-request.ts';
import type {JsonObject, ReplyPart} from '../../../source/demo/script.ts';
import {
	estimateUsage,
	flatCall,
	splitText,
	type ReplyFacts,
	type StreamEvent,
} from '../../../source/demo/stream-event.ts';
import type {Voice} from '../../../source/demo/voice.ts';
import {checkGemini, signedText} from './gemini-check.ts';
import {readPrompt, type Spoken} from './prompt.ts';

/* generateContent as Gemini 3 speaks it: only the first call of an answer is signed, a text at its end (translation.md 3.5, 3.6). */

const pathPattern = /^\/v1beta\/models\/(?<model>[^/:]+):(?<method>streamGenerateContent|generateContent)$/;
const modelPath = '/v1beta/models/*:generateContent';

const methodOf = ({path}: SeenRequest): RegExpExecArray['groups'] => pathPattern.exec(path.split('?')[0] ?? '')?.groups;

const spokenOf = (part: JsonObject, role: string): Spoken =>
	'functionResponse' in part
		? {type: 'output'}
		: role === 'user' && 'text' in part
			? {type: 'user', text: stringOf(part['text'])}
			: {type: 'other'};

const signed = (part: JsonObject, {seal}: ReplyFacts): JsonObject => ({
	...part,
	thoughtSignature: seal.issue('thought', signedText(part)),
});

const partsOf = (part: ReplyPart, facts: ReplyFacts): readonly JsonObject[] => {
	if (part.type === 'reasoning') {
		return splitText(part.summary.join('\n\n'), facts.deltaLength).map(text => ({text, thought: true}));
	}

	if (part.type === 'message') {
		return splitText(part.text, facts.deltaLength).map(text => ({text}));
	}

	const call = flatCall(part);
	if (call === undefined) {
		return [];
	}

	const {name, arguments: args, callId} = call;
	const functionCall = {functionCall: {...(callId !== undefined && {id: callId}), name, args}};
	return [facts.parts.find(one => flatCall(one) !== undefined) === part ? signed(functionCall, facts) : functionCall];
};

const allParts = (facts: ReplyFacts): readonly JsonObject[] => [
	...facts.parts.flatMap(part => partsOf(part, facts)),
	...(facts.parts.some(part => flatCall(part) !== undefined) ? [] : [signed({text: ''}, facts)]),
];

const frame = (facts: ReplyFacts, parts: readonly JsonObject[], finish?: string): JsonObject => {
	const {inputTokens, cachedInputTokens, outputTokens, reasoningTokens} = estimateUsage(facts);
	return {
		candidates: [{content: {role: 'model', parts}, index: 0, ...(finish !== undefined && {finishReason: finish})}],
		usageMetadata: {
			promptTokenCount: inputTokens,
			cachedContentTokenCount: cachedInputTokens,
			candidatesTokenCount: outputTokens - reasoningTokens,
			thoughtsTokenCount: reasoningTokens,
			totalTokenCount: inputTokens + outputTokens,
		},
		modelVersion: facts.model,
		responseId: facts.id,
	};
};

const finishOf = ({end}: ReplyFacts): string => (end.type === 'incomplete' ? end.reason : 'STOP');

const buildStream = (facts: ReplyFacts): readonly StreamEvent[] => {
	const parts = allParts(facts);
	const {end} = facts;
	const ends = end.type === 'completed' || end.type === 'incomplete';
	const said = parts.map((part, index): StreamEvent => ({
		data: frame(facts, [part], ends && index === parts.length - 1 ? finishOf(facts) : undefined),
	}));
	return end.type === 'failed' || end.type === 'error'
		? [...said, {data: {error: {code: 500, message: end.message, status: end.code}}}]
		: said;
};

/** Google's generateContent. */
export const geminiVoice: Voice = {
	root: '/v1beta',
	modelPath,
	readFacts(request) {
		const method = methodOf(request);
		const body = isObject(request.parsed) ? request.parsed : {};
		const pieces = objectsOf(body['contents']).flatMap(({role, parts}) =>
			objectsOf(parts).map(part => spokenOf(part, stringOf(role))),
		);
		return {
			path: method === undefined ? (request.path.split('?')[0] ?? '') : modelPath,
			kind: 'other',
			model: decodeURIComponent(method?.['model'] ?? ''),
			bodyText: request.text,
			...readPrompt(pieces),
		};
	},
	check: checkGemini,
	wantsStream: request => methodOf(request)?.['method'] === 'streamGenerateContent',
	buildStream,
	buildBody: facts => frame(facts, allParts(facts), finishOf(facts)),
	contentType: 'text/event-stream',
	issuesTurnState: false,
	idHeader: 'x-request-id',
	errorBody: ({message, status}) => ({
		error: {code: status, message, status: status === 401 ? 'UNAUTHENTICATED' : 'INVALID_ARGUMENT'},
	}),
};
