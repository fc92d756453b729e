import {
	anyObject,
	either,
	exactly,
	filled,
	flag,
	listOf,
	matching,
	number,
	object,
	objectSchema,
	text,
} from './shape.ts';

/* What generateContent takes, by its reference: a key that is not there is answered with 400 (translation.md 3.3, 3.4). */

const name = matching(/^[A-Za-z_][\w.-]{0,63}$/);
const signature = {'thoughtSignature?': filled};
const inlineData = object({mimeType: matching(/^\w+\/[\w.+-]+$/), data: matching(/^[A-Za-z0-9+/]+=*$/)});

const part = either(
	object({text: filled, ...signature}),
	object({text, thoughtSignature: filled}),
	object({text, thought: exactly(true), thoughtSignature: filled}),
	object({functionCall: object({'id?': filled, name, args: anyObject}), ...signature}),
	object({
		functionResponse: object({
			'id?': filled,
			name,
			response: either(object({output: text}), object({error: text})),
			'parts?': listOf(object({inlineData})),
		}),
	}),
	object({inlineData}),
	object({fileData: object({fileUri: filled, 'mimeType?': filled})}),
);

const declaration = object({
	name,
	'description?': text,
	'parametersJsonSchema?': objectSchema,
	'parameters?': anyObject,
});

/** A request to `models/…:generateContent`. */
export const geminiShape = object({
	contents: listOf(object({role: exactly('user', 'model'), parts: listOf(part)})),
	'systemInstruction?': object({parts: listOf(object({text: filled}))}),
	'tools?': listOf(either(object({functionDeclarations: listOf(declaration)}), object({googleSearch: object({})}))),
	'toolConfig?': object({
		functionCallingConfig: object({
			mode: exactly('AUTO', 'ANY', 'NONE', 'VALIDATED'),
			'allowedFunctionNames?': listOf(name),
		}),
	}),
	'safetySettings?': listOf(object({category: filled, threshold: filled})),
	'generationConfig?': object({
		'maxOutputTokens?': number,
		'temperature?': number,
		'topP?': number,
		'topK?': number,
		'seed?': number,
		'stopSequences?': listOf(text),
		'responseMimeType?': exactly('application/json'),
		'responseJsonSchema?': anyObject,
		'thinkingConfig?': object({
			'thinkingLevel?': exactly('MINIMAL', 'LOW', 'MEDIUM', 'HIGH'),
			'includeThoughts?': flag,
		}),
	}),
});
