import {isObject, objectsOf, stringOf, type SeenRequest} from '../../../source/demo/read-request.ts';
import type {JsonObject} from '../../../source/demo/script.ts';
import type {Seal} from '../../../source/demo/seal.ts';
import {fault, type Fault} from '../../../source/demo/strict/refuse.ts';
import {geminiShape} from './gemini-shape.ts';
import {checkHeaders} from './plain-headers.ts';

/** The documented stand-in for a signature that is lost (translation.md 3.5). */
export const bypassSignature = 'skip_thought_signature_validator';

/** What a signature is issued for: exactly one part, so that it comes back with that part and no other. */
export const signedText = (part: JsonObject): string => {
	const call = part['functionCall'];
	return isObject(call)
		? `call ${stringOf(call['name'])} ${JSON.stringify(call['args'])}`
		: `${part['thought'] === true ? 'thought' : 'text'} ${stringOf(part['text'])}`;
};

/** The parts of a content that hold `key`, as the objects under it. */
export const heldIn = (content: JsonObject | undefined, key: string): readonly JsonObject[] =>
	objectsOf(content?.['parts'])
		.map(part => part[key])
		.filter(isObject);

const checkRoles = (contents: readonly JsonObject[]): readonly Fault[] => [
	...(contents[0]?.['role'] === 'model' ? [fault('bad-field', 'contents: the first turn is the model’s')] : []),
	...(contents.at(-1)?.['role'] === 'model' ? [fault('bad-field', 'contents: the last turn is the model’s')] : []),
	...contents.flatMap(({role}, index) =>
		index > 0 && contents[index - 1]?.['role'] === role
			? [fault('bad-field', `contents.${index}: two turns of ${stringOf(role)} in a row`)]
			: [],
	),
];

const pairKey = ({id, name}: JsonObject): string => `${stringOf(id)} ${stringOf(name)}`;

/** As many answers as calls, in their order and under their names, in the turn right behind. */
const checkPairs = (contents: readonly JsonObject[]): readonly Fault[] =>
	contents.flatMap((content, index) => {
		const calls = heldIn(content, 'functionCall').map(pairKey);
		const answers = heldIn(contents[index + 1], 'functionResponse').map(pairKey);
		const answered = heldIn(content, 'functionResponse');
		const asked = heldIn(contents[index - 1], 'functionCall');
		return [
			...(calls.length > 0 && calls.join() !== answers.join()
				? [
						fault(
							'missing-tool-output',
							`contents.${index}: the calls ${calls.join()} are answered by ${answers.join()}`,
						),
					]
				: []),
			...(answered.length > 0 && asked.length === 0
				? [
						fault(
							'orphan-tool-output',
							`contents.${index}: a function response turn comes right after a function call turn`,
						),
					]
				: []),
		];
	});

const checkSignatures = (contents: readonly JsonObject[], seal: Seal): readonly Fault[] =>
	contents.flatMap((content, index) => {
		const parts = objectsOf(content['parts']);
		const first = parts.find(part => 'functionCall' in part);
		const isBare = first !== undefined && first['thoughtSignature'] === undefined;
		const wrong = parts.filter(
			part =>
				part['thoughtSignature'] !== undefined &&
				part['thoughtSignature'] !== bypassSignature &&
				part['thoughtSignature'] !== seal.issue('thought', signedText(part)),
		);
		return [
			...(isBare ? [fault('bad-field', `contents.${index}: Function call is missing a thought_signature`)] : []),
			...wrong.map(() => fault('foreign-encrypted-content', `contents.${index}: Corrupted thought signature.`)),
		];
	});

const checkTools = (body: JsonObject): readonly Fault[] => {
	const declared = objectsOf(body['tools']).flatMap(tool => objectsOf(tool['functionDeclarations']));
	const names = new Set(declared.map(({name}) => name));
	return [
		...(names.size < declared.length ? [fault('bad-field', 'tools: two functions have one name')] : []),
		...('toolConfig' in body && names.size === 0 ? [fault('bad-field', 'toolConfig: there are no functions')] : []),
		...(declared.some(one => 'parameters' in one && 'parametersJsonSchema' in one)
			? [fault('bad-field', 'tools: parameters and parametersJsonSchema exclude each other')]
			: []),
	];
};

/** The faults of a generateContent request. */
export const checkGemini = (request: SeenRequest, seal: Seal): readonly Fault[] => {
	const body = request.parsed;
	if (!isObject(body)) {
		return [fault('bad-json', 'The body is not a JSON object.')];
	}

	const contents = objectsOf(body['contents']);
	return [
		...checkHeaders(request, ['x-goog-api-key']),
		...geminiShape(body, 'body').map(text => fault('unknown-key', text)),
		...checkRoles(contents),
		...checkPairs(contents),
		...checkSignatures(contents, seal),
		...checkTools(body),
	];
};
