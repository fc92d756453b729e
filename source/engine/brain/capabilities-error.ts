import type {Need} from '../../identify/needs.ts';

/*
 * An upstream that says it cannot do something teaches a capability (routing.md 7). Only plain refusals of the request count: limits, overload and
 * faults of the server say nothing about what an upstream is able to.
 */

/** What a refusal says is missing: a need, or the model itself. */
export interface MissingCapability {
	readonly need: Need | 'model';
	readonly has: false;
}

/** A refusal as it came. `body` is its text as far as it was kept. */
export interface CapabilityRefusal {
	readonly status: number;
	readonly body: string;
	/** The request's path; it tells a compact request from others. */
	readonly path?: string | undefined;
}

const refusals: ReadonlySet<number> = new Set([400, 403, 404, 405, 415, 422, 501]);
const longestText = 8192;

const denials: readonly string[] = [
	'not supported',
	'unsupported',
	'not support',
	"doesn't support",
	'unknown parameter',
	'unrecognized',
	'unexpected keyword',
	'not permitted',
	'not allowed',
	'not available',
	'not implemented',
	'unknown variant',
	'不支持',
	'暂不支持',
	'未启用',
];

interface Rule {
	readonly need: Need;
	readonly subjects: readonly string[];
	/** Words that make it a complaint about this one request's data. */
	readonly unless?: readonly string[];
}

const rules: readonly Rule[] = [
	{need: 'compact_v2', subjects: ['compaction_trigger']},
	{
		need: 'parallel_tools',
		subjects: [
			'parallel_tool_calls',
			'parallel tool call',
			'parallel function call',
			'disable_parallel_tool_use',
			'并行工具',
		],
	},
	{need: 'streaming_usage', subjects: ['stream_options', 'include_usage']},
	{
		need: 'json_schema',
		subjects: [
			'json_schema',
			'response_format',
			'text.format',
			'structured output',
			'output_config.format',
			'结构化输出',
		],
	},
	{
		need: 'vision',
		subjects: ['input_image', 'image_url', 'image input', 'images', 'vision', 'multimodal', '图片', '图像', '视觉'],
		unless: ['format', 'mime', 'size', 'large', 'corrupt', 'decode', 'download', 'base64', 'dimension', '格式', '大小'],
	},
	{
		need: 'hosted_tools',
		subjects: [
			'web_search',
			'web search',
			'file_search',
			'code_interpreter',
			'image_generation',
			'hosted tool',
			'tool type',
		],
	},
];

const modelCodes: readonly string[] = ['model_not_found', 'model_not_supported', 'unsupported_model', 'unknown_model'];

const modelPhrases =
	/\bmodel\b[^\n]{0,160}?(?:does not exist|not found|is not supported|not available|is unknown|unsupported)|(?:unknown|unsupported|invalid) model\b|模型不存在|模型未找到|不支持该模型|不支持的模型/;

const ruleFor = (text: string): Rule | undefined =>
	denials.some(denial => text.includes(denial))
		? rules.find(
				({subjects, unless = []}) =>
					subjects.some(subject => text.includes(subject)) && !unless.some(word => text.includes(word)),
			)
		: undefined;

/** What a refusal says the upstream cannot do; undefined where it says nothing of the kind. */
export const capabilityFromError = ({status, body, path}: CapabilityRefusal): MissingCapability | undefined => {
	if (status === 426) {
		return {need: 'websocket', has: false};
	}

	if (!refusals.has(status)) {
		return undefined;
	}

	const text = body.slice(0, longestText).toLowerCase();
	const isAboutModel = modelCodes.some(code => text.includes(code));
	const rule = isAboutModel || status === 403 ? undefined : ruleFor(text);
	if (rule !== undefined) {
		return {need: rule.need, has: false};
	}

	if (isAboutModel || modelPhrases.test(text)) {
		return {need: 'model', has: false};
	}

	const isGone = status === 404 || status === 405 || status === 501;
	return isGone && path?.endsWith('/responses/compact') === true ? {need: 'compact_v1', has: false} : undefined;
};
