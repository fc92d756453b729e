import type {Dialect} from '../../wire/names.ts';
import type {ProfileName} from '../profiles/names.ts';
import type {ApiKeyHeader, PresetAuth, ProviderPreset} from './preset.ts';

/* presets.md row by row. Addresses, documentation and terms as published in 2026: look at a provider's page before a release. */

const bearer = (variable: string): PresetAuth => ({kind: 'key', header: 'authorization', variable, isOptional: false});

const keyIn = (header: ApiKeyHeader, variable: string): PresetAuth => ({
	kind: 'key',
	header,
	variable,
	isOptional: false,
});

/** A server of this machine that may or may not ask for a key. */
const optionalKey: PresetAuth = {kind: 'key', header: 'authorization', variable: undefined, isOptional: true};

type Rest = Partial<Omit<ProviderPreset, 'name' | 'title' | 'baseUrl' | 'dialect'>> & {readonly profile: ProfileName};

const preset = (
	[name, title]: readonly [name: string, title: string],
	[baseUrl, dialect]: readonly [baseUrl: string | undefined, dialect: Dialect | undefined],
	rest: Rest,
): ProviderPreset => ({
	name,
	title,
	baseUrl,
	dialect,
	otherUrls: [],
	auth: optionalKey,
	models: 'openai',
	docs: undefined,
	terms: undefined,
	note: undefined,
	...rest,
});

const subscription = 'A subscription’s key: the vendor allows it for coding tools only.';

const hosted: readonly ProviderPreset[] = [
	preset(['openai', 'OpenAI'], ['https://api.openai.com/v1', 'responses'], {
		auth: bearer('OPENAI_API_KEY'),
		profile: 'openai',
		docs: 'https://platform.openai.com/docs/api-reference/responses',
	}),
	preset(['chatgpt', 'ChatGPT plan'], ['https://chatgpt.com/backend-api/codex', 'responses'], {
		auth: {kind: 'client'},
		profile: 'openai',
		models: 'none',
		docs: 'https://developers.openai.com/codex/auth',
		terms: 'Codex’s own login, for its owner’s own use: it may not be shared or resold.',
	}),
	preset(['anthropic', 'Anthropic'], ['https://api.anthropic.com', 'messages'], {
		auth: keyIn('x-api-key', 'ANTHROPIC_API_KEY'),
		profile: 'anthropic',
		models: 'anthropic',
		docs: 'https://docs.anthropic.com/en/api/messages',
		terms: 'A key of the API is meant: a Claude plan’s login may be used by Anthropic’s own programs only.',
	}),
	preset(['deepseek', 'DeepSeek'], ['https://api.deepseek.com/v1', 'chat'], {
		auth: bearer('DEEPSEEK_API_KEY'),
		profile: 'deepseek',
		docs: 'https://api-docs.deepseek.com',
	}),
	preset(['kimi', 'Moonshot Kimi'], ['https://api.moonshot.cn/v1', 'chat'], {
		otherUrls: ['https://api.moonshot.ai/v1'],
		auth: bearer('MOONSHOT_API_KEY'),
		profile: 'kimi',
		docs: 'https://platform.moonshot.ai/docs',
		note: 'Keys of .cn and .ai are two kinds; set base_url for the other one.',
	}),
	preset(['qwen', 'Alibaba Qwen'], ['https://dashscope.aliyuncs.com/compatible-mode/v1', 'chat'], {
		otherUrls: ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1'],
		auth: bearer('DASHSCOPE_API_KEY'),
		profile: 'qwen',
		docs: 'https://help.aliyun.com/zh/model-studio/',
	}),
	preset(['mistral', 'Mistral'], ['https://api.mistral.ai/v1', 'chat'], {
		auth: bearer('MISTRAL_API_KEY'),
		profile: 'mistral',
		docs: 'https://docs.mistral.ai/api/',
	}),
	preset(['groq', 'Groq'], ['https://api.groq.com/openai/v1', 'chat'], {
		auth: bearer('GROQ_API_KEY'),
		profile: 'groq',
		docs: 'https://console.groq.com/docs/openai',
	}),
	preset(['xai', 'xAI'], ['https://api.x.ai/v1', 'responses'], {
		auth: bearer('XAI_API_KEY'),
		profile: 'xai',
		docs: 'https://docs.x.ai/docs',
		note: 'Models without Responses: set dialect = "chat".',
	}),
	preset(['openrouter', 'OpenRouter'], ['https://openrouter.ai/api/v1', 'chat'], {
		auth: bearer('OPENROUTER_API_KEY'),
		profile: 'openrouter',
		docs: 'https://openrouter.ai/docs',
	}),
	preset(['opencode-zen', 'OpenCode Zen'], ['https://opencode.ai/zen/v1', 'chat'], {
		auth: bearer('OPENCODE_API_KEY'),
		profile: 'generic',
		docs: 'https://opencode.ai/docs/zen/',
	}),
	preset(['opencode-go', 'OpenCode Go'], ['https://opencode.ai/zen/go/v1', 'chat'], {
		auth: bearer('OPENCODE_API_KEY'),
		profile: 'generic',
		docs: 'https://opencode.ai/docs/go/',
	}),
	preset(['command-code', 'Command Code'], ['https://api.commandcode.ai', 'command-code'], {
		auth: bearer('COMMANDCODE_API_KEY'),
		profile: 'command-code',
		models: 'none',
		docs: 'https://commandcode.ai/docs',
		note: 'Set headers = { "x-command-code-version" = "…" }; without it the server answers 403 upgrade_required.',
	}),
	preset(['crof', 'CrofAI'], ['https://crof.ai/v1', 'chat'], {
		auth: bearer('CROF_API_KEY'),
		profile: 'generic',
		docs: 'https://crof.ai/docs',
	}),
	preset(['openadapter', 'OpenAdapter'], ['https://api.openadapter.in/v1', 'chat'], {
		auth: bearer('OPENADAPTER_API_KEY'),
		profile: 'generic',
		docs: 'https://openadapter.in',
	}),
	preset(['zai', 'Z.AI coding plan'], ['https://api.z.ai/api/coding/paas/v4', 'chat'], {
		otherUrls: ['https://api.z.ai/api/paas/v4'],
		auth: bearer('ZAI_API_KEY'),
		profile: 'zai',
		docs: 'https://docs.z.ai',
		terms: subscription,
	}),
	preset(['nvidia-nim', 'NVIDIA NIM'], ['https://integrate.api.nvidia.com/v1', 'chat'], {
		auth: bearer('NVIDIA_API_KEY'),
		profile: 'nim',
		docs: 'https://docs.api.nvidia.com/nim/reference/llm-apis',
		terms: 'Keys without a licence are for trying things out, not for production.',
	}),
	preset(['kilo', 'Kilo'], ['https://api.kilo.ai/api/gateway', 'chat'], {
		auth: bearer('KILO_API_KEY'),
		profile: 'generic',
		docs: 'https://kilo.ai/docs/gateway',
	}),
	preset(['gemini', 'Google Gemini'], ['https://generativelanguage.googleapis.com/v1beta', 'gemini'], {
		auth: keyIn('x-goog-api-key', 'GEMINI_API_KEY'),
		profile: 'gemini',
		models: 'gemini',
		docs: 'https://ai.google.dev/api/generate-content',
		terms: 'What is sent with a key of the free tier may be used to train Google’s products.',
	}),
	preset(
		['gemini-openai', 'Google Gemini, Chat'],
		['https://generativelanguage.googleapis.com/v1beta/openai', 'chat'],
		{
			auth: bearer('GEMINI_API_KEY'),
			profile: 'gemini-openai',
			docs: 'https://ai.google.dev/gemini-api/docs/openai',
			terms: 'What is sent with a key of the free tier may be used to train Google’s products.',
		},
	),
	preset(['code-assist', 'Gemini Code Assist'], ['https://cloudcode-pa.googleapis.com', 'code-assist'], {
		auth: {kind: 'oauth'},
		profile: 'gemini',
		models: 'none',
		docs: 'https://developers.google.com/gemini-code-assist/docs/overview',
		terms: 'Google allows its own programs only; use an OAuth client of your own and read its terms first.',
	}),
	preset(['minimax', 'MiniMax'], ['https://api.minimax.io/v1', 'chat'], {
		otherUrls: ['https://api.minimaxi.com/v1'],
		auth: bearer('MINIMAX_API_KEY'),
		profile: 'minimax',
		docs: 'https://platform.minimax.io/docs',
	}),
	preset(['azure-openai', 'Azure OpenAI'], [undefined, 'responses'], {
		otherUrls: ['https://NAME.openai.azure.com/openai/v1'],
		auth: keyIn('api-key', 'AZURE_OPENAI_API_KEY'),
		profile: 'openai',
		docs: 'https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle',
	}),
];

const local: readonly ProviderPreset[] = [
	preset(['ollama', 'Ollama'], ['http://127.0.0.1:11434/v1', 'chat'], {
		auth: {kind: 'none'},
		profile: 'ollama',
		docs: 'https://docs.ollama.com/api/openai-compatibility',
		note: 'Its context is 4096 tokens unless OLLAMA_CONTEXT_LENGTH says more: too little for Codex.',
	}),
	preset(['llama-cpp', 'llama.cpp'], ['http://127.0.0.1:8080/v1', 'chat'], {
		profile: 'llama-cpp',
		docs: 'https://github.com/ggml-org/llama.cpp/tree/master/tools/server',
		note: 'Start llama-server with --jinja, or no tool is called.',
	}),
	preset(['vllm', 'vLLM'], ['http://127.0.0.1:8000/v1', 'chat'], {
		profile: 'vllm',
		docs: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
		note: 'Start it with --enable-auto-tool-choice and the --tool-call-parser of the model.',
	}),
	preset(['lm-studio', 'LM Studio'], ['http://127.0.0.1:1234/v1', 'chat'], {
		auth: {kind: 'none'},
		profile: 'lm-studio',
		docs: 'https://lmstudio.ai/docs/developer/openai-compat',
	}),
	preset(['custom', 'Any other'], [undefined, undefined], {auth: {kind: 'asked'}, profile: 'generic'}),
];

/** Every preset in the order in which people are shown them. */
export const presets: readonly ProviderPreset[] = [...hosted, ...local];

const byName: ReadonlyMap<string, ProviderPreset> = new Map(presets.map(known => [known.name, known]));

/** The preset of a name, as `preset = "…"` takes it. */
export const findPreset = (name: string): ProviderPreset | undefined => byName.get(name);
