import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {EncodedRequest, EncodeOptions} from '../encode-options.ts';
import type {BridgeRequest, ResponseFormat} from '../ir.ts';
import {LossLog} from '../loss.ts';
import type {GeminiRequestQuirks} from '../quirks.ts';
import {TranslationRefusal} from '../refusal.ts';
import {repairItems} from '../repair/repair-items.ts';
import {objectSchema} from '../schema.ts';
import {createToolMap} from '../tool-map.ts';
import {cleanSchema} from './clean-schema.ts';
import {encodeContents} from './encode-contents.ts';
import {encodeThinking} from './encode-thinking.ts';
import {encodeTools} from './encode-tools.ts';

/** Google takes this many. */
const maxStops = 5;

const sampling = ({sampling: wanted, maxOutputTokens}: BridgeRequest, quirks: GeminiRequestQuirks): JsonObject => ({
	maxOutputTokens,
	// Gemini 3 loops below 1 (translation.md 3.3).
	temperature: quirks.fixedTemperature ? undefined : wanted.temperature,
	topP: wanted.topP,
	topK: wanted.topK,
	stopSequences: wanted.stop?.slice(0, maxStops),
	seed: wanted.seed,
	presencePenalty: wanted.presencePenalty,
	frequencyPenalty: wanted.frequencyPenalty,
});

const responseFormat = (format: ResponseFormat, {jsonSchema}: GeminiRequestQuirks): JsonObject => {
	const schema =
		format.type === 'json-object'
			? {}
			: jsonSchema
				? {responseJsonSchema: objectSchema(format.schema)}
				: {responseSchema: cleanSchema(format.schema)};
	return {responseMimeType: 'application/json', ...schema};
};

const schemaText = (format: ResponseFormat): string =>
	format.type === 'json-schema'
		? `Answer with one JSON object that fulfils this JSON Schema:\n${JSON.stringify(format.schema)}`
		: 'Answer with one JSON object.';

const checkInput = (request: BridgeRequest, contents: readonly JsonObject[]): void => {
	if (!request.items.some(item => item.type !== 'additional-tools')) {
		throw new TranslationRefusal('invalid_request_error', 'The input is empty: send at least one message.', 'input');
	}

	if (contents.length === 0) {
		throw new TranslationRefusal(
			'invalid_request_error',
			'The input holds instructions only: send at least one message of a user.',
			'input',
		);
	}
};

const systemInstruction = (texts: readonly string[]): JsonObject | undefined => {
	const parts = texts.filter(text => text.trim() !== '').map(text => ({text}));
	return parts.length === 0 ? undefined : {parts};
};

/**
 * A request as generateContent (translation.md 3.3). The model and whether it streams stand in the path: see {@link geminiPath}.
 * Throws {@link TranslationRefusal} for an empty conversation.
 */
export const encodeGeminiRequest = (
	request: BridgeRequest,
	{quirks}: Omit<EncodeOptions, 'stream'>,
): EncodedRequest => {
	const losses = new LossLog();
	const map = createToolMap(request, quirks.names, losses);
	const items = repairItems(request.items, quirks, losses);
	const {contents, system} = encodeContents(items, {quirks, tools: map, losses});
	checkInput(request, contents);
	const tools = encodeTools(request, map, {quirks, losses});
	const format = request.responseFormat;
	// Some models refuse JSON mode beside functions: then the schema is asked for in words.
	const isText = format !== undefined && tools['tools'] !== undefined && !quirks.gemini.jsonWithTools;
	const texts = [...request.instructions.map(({text}) => text), ...system, ...(isText ? [schemaText(format)] : [])];
	const generationConfig = compact({
		...sampling(request, quirks.gemini),
		...(format !== undefined && !isText && responseFormat(format, quirks.gemini)),
		...encodeThinking(request.reasoning, quirks.gemini),
	});
	const body = compact({
		contents,
		systemInstruction: systemInstruction(texts),
		...tools,
		safetySettings: quirks.gemini.safety.length > 0 ? quirks.gemini.safety : undefined,
		generationConfig: Object.keys(generationConfig).length > 0 ? generationConfig : undefined,
	});
	return {body, tools: map, losses: losses.list()};
};

/** The path and query of a call, behind the base URL (`…/v1beta`). */
export const geminiPath = (model: string, stream: boolean): string => {
	const name = model
		.replace(/^models\//, '')
		.split('/')
		.map(encodeURIComponent)
		.join('/');
	return `/models/${name}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
};
